package buildcontext

import (
	"errors"
	"fmt"
)

var (
	errNotDirectory = errors.New("not a directory")
	errNameTooLong  = errors.New("file name too long")
)

// RefusalError is why a builder stops before or while it sends the context. What is
// refused has no measurement.
type RefusalError struct {
	// Path is the entry that the builder stops at, or "".
	Path string
	// Err is the reason; where a rule is at fault it wraps an [ignore.RuleError].
	Err error
}

func (r *RefusalError) Error() string {
	if r.Path == "" {
		return r.Err.Error()
	}
	return fmt.Sprintf("%q: %v", r.Path, r.Err)
}

func (r *RefusalError) Unwrap() error { return r.Err }
