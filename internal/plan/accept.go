package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/config"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/spell"
	"github.com/ctxsize/ctxsize/suggest"
)

// Policy is what somebody has decided about findings, once for all commands.
type Policy struct {
	// Accept are findings, secrets and artifacts that do no harm.
	Accept []config.Accept
	// Severities are those that rules of lint are given.
	Severities []config.Lint
	// Shared tells that the policy holds for other contexts, too: what it accepts
	// may be theirs.
	Shared bool
}

// AcceptedFinding is a finding that the configuration accepts.
type AcceptedFinding struct {
	finding.Finding
	Reason string
}

// accepter applies a policy. It is not safe for concurrent use.
type accepter struct {
	all        []accepting
	severities map[string]string
	shared     bool
}

type accepting struct {
	config.Accept
	matcher *ignore.Matcher // nil for any path
	used    bool
}

// measuredIDs are those of findings that a measurement makes and lint has no rule for.
var measuredIDs = []string{
	secretSent, "no-dockerfile", "git-unreadable", "one-of-two-numbers", "compressed", "walk-stopped",
	"file-unreadable", "context-not-in-revision", "size-in-repository", "submodule", SparseCheckout, "shallow-clone",
	string(dockerfile.KindBaseEnv), string(dockerfile.KindBaseOnbuild), string(dockerfile.KindBaseWorkdir), string(dockerfile.KindSyntax),
	string(dockerfile.KindCheck), string(dockerfile.KindEntitlement), string(dockerfile.KindEpoch),
}

// newAccepter reads a policy. An id that nothing has is an error.
func newAccepter(p Policy) (*accepter, error) {
	a := &accepter{severities: map[string]string{}, shared: p.Shared}
	for _, l := range p.Severities {
		if _, ok := lint.Known(l.Rule); !ok {
			return nil, usage(nearestID(l.Rule, lintIDs()), "%s: there is no rule %q", l.Place, l.Rule)
		}
		a.severities[l.Rule] = l.Severity
	}
	for _, c := range p.Accept {
		if !slices.Contains(knownIDs(), c.ID) {
			return nil, usage(nearestID(c.ID, knownIDs()), "%s: there is no finding %q", c.Place, c.ID)
		}
		one := accepting{Accept: c}
		if c.Path != "" {
			rules := ignore.Patterns(c.Path)
			m, err := ignore.Compile(rules)
			if err == nil && rules[0].Exception() {
				err = fmt.Errorf("%q is an exception", c.Path)
			}
			if err != nil {
				return nil, usage("write a path of the context, as a line of an ignore file", "%s: %w", c.Place, err)
			}
			one.matcher = m
		}
		a.all = append(a.all, one)
	}
	return a, nil
}

// CheckPolicy returns what is wrong with a policy; nil for nothing.
func CheckPolicy(p Policy) error {
	_, err := newAccepter(p)
	return err
}

func nearestID(word string, known []string) string {
	if near := spell.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "ctxsize lint --list-rules and docs/rules.md list the ids"
}

func lintIDs() []string {
	var all []string
	for _, r := range lint.Rules() {
		all = append(all, r.ID)
	}
	return all
}

func knownIDs() []string {
	all := append(lintIDs(), measuredIDs...)
	for _, r := range suggest.SecretRules() {
		all = append(all, r.ID)
	}
	for _, r := range suggest.Rules() {
		all = append(all, r.ID)
	}
	return all
}

// accepts tells whether something with one of these ids is accepted at a path of the
// context, and why.
func (a *accepter) accepts(at string, ids ...string) (reason string, ok bool) {
	for i := range a.all {
		one := &a.all[i]
		for _, id := range ids {
			if id == one.ID && one.matches(at) {
				one.used = true
				return one.Reason, true
			}
		}
	}
	return "", false
}

func (one *accepting) matches(at string) bool {
	if one.matcher == nil {
		return true
	}
	if at == "" {
		return false
	}
	d, err := one.matcher.Plain(path.Clean(at))
	return err == nil && d.Ignored
}

// acceptsFinding tells whether a finding is accepted. What has no path is about the
// file where it stands.
func (a *accepter) acceptsFinding(f finding.Finding) (string, bool) {
	at := f.Path
	if at == "" {
		at = f.File
	}
	return a.accepts(at, f.ID)
}

// unused returns findings about what was accepted and not met. Asked says of which
// ids it is known whether there is anything to accept.
func (a *accepter) unused(asked func(id string) bool) []finding.Finding {
	var all []finding.Finding
	for _, one := range a.all {
		if one.used || a.shared || !asked(one.ID) {
			continue
		}
		what := one.ID
		if one.Path != "" {
			what += " of " + strings.TrimSpace(one.Path)
		}
		all = append(all, finding.Finding{
			ID: lint.UnusedID, Severity: finding.Info, File: one.File, Line: one.Line, Column: one.Column,
			Message: fmt.Sprintf("nothing has %s: accepting it does nothing", what), Repair: "take it out of accept:",
		})
	}
	return all
}

// acceptsArtifact tells whether an artifact is accepted, as itself or as the secret
// that it is.
func (res *Result) acceptsArtifact(r *suggest.Rule, at string) bool {
	ids := []string{r.ID}
	if r.Class == suggest.Credentials {
		ids = append(ids, secretSent)
	}
	_, ok := res.accepter.accepts(at, ids...)
	return ok
}

// settle takes out the findings that are accepted, and adds those about what was
// accepted for nothing.
func (res *Result) settle(found []finding.Finding, opts MeasureOptions) (left []finding.Finding, accepted []AcceptedFinding) {
	left, accepted = []finding.Finding{}, res.Accepted
	for _, f := range found {
		if reason, ok := res.accepter.acceptsFinding(f); ok {
			accepted = append(accepted, AcceptedFinding{f, reason})
		} else {
			left = append(left, f)
		}
	}
	left = append(left, res.accepter.unused(func(id string) bool {
		rule, ok := lint.Known(id)
		switch {
		case ok:
			return rule.Measured()
		case suggest.Known(id):
			return opts.Suggest
		case slices.Contains(measuredIDs[1:], id):
			return true
		default:
			return opts.Suggest || opts.Secrets
		}
	})...)
	finding.Sort(left)
	return left, accepted
}
