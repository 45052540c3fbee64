package buildcontext

import (
	"errors"
	"fmt"
)

var errNotDirectory = errors.New("not a directory")

// Refusal is why a builder stops before or while it sends the context. What is
// refused has no measurement.
type Refusal struct {
	// Path is the entry that the builder stops at, or "".
	Path string
	// Err is the reason; where a rule is at fault it wraps an [ignore.RuleError].
	Err error
}

func (r *Refusal) Error() string {
	if r.Path == "" {
		return r.Err.Error()
	}
	return fmt.Sprintf("%q: %v", r.Path, r.Err)
}

func (r *Refusal) Unwrap() error { return r.Err }
