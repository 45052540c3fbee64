package gitrepo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrRevision is wrapped by the errors for a revision that does not exist or is
// not understood.
var ErrRevision = errors.New("no such revision")

func (r *Repo) revisionError(rev, why string) error {
	return fmt.Errorf("%w: %q: %s", ErrRevision, rev, why)
}

// resolve returns the raw id of the object that a revision names: an id or the
// beginning of one, a branch, a tag, HEAD, "@{upstream}", followed by any of "~2",
// "^", "^2", "^{commit}". Other forms are refused: go-git's ResolveRevision, in
// v5.19.3, reads over "@{1}" and "^3" as if they were not there.
// (git/git, Documentation/revisions.txt)
func (r *Repo) resolve(rev string) (string, error) {
	base, steps := rev, ""
	if i := strings.IndexAny(rev, "~^"); i >= 0 {
		base, steps = rev[:i], rev[i:]
	}
	id, err := r.resolveName(rev, base)
	for err == nil && steps != "" {
		id, steps, err = r.step(rev, id, steps)
	}
	return id, err
}

// step follows the first of the steps from a commit.
func (r *Repo) step(rev, id, steps string) (next, rest string, err error) {
	if wanted, ok := strings.CutPrefix(steps, "^{"); ok {
		name, rest, closed := strings.Cut(wanted, "}")
		k, known := kindNames[name]
		if !closed || !known && name != "" {
			return "", "", r.revisionError(rev, "what stands in ^{} is not understood")
		}
		next, err = r.peel(rev, id, k)
		return next, rest, err
	}
	if steps[0] != '~' && steps[0] != '^' {
		return "", "", r.revisionError(rev, fmt.Sprintf("%q in it is not understood; git rev-parse can say its id", steps))
	}
	end := 1
	for end < len(steps) && isDigit(int(steps[end])) {
		end++
	}
	n := 1
	if end > 1 {
		if n, err = strconv.Atoi(steps[1:end]); err != nil {
			return "", "", r.revisionError(rev, "the number is too large")
		}
	}
	if id, err = r.peel(rev, id, kindCommit); err != nil {
		return "", "", err
	}
	if steps[0] == '~' {
		for range n {
			if id, err = r.parent(rev, id, 1); err != nil {
				return "", "", err
			}
		}
	} else if n > 0 {
		id, err = r.parent(rev, id, n)
	}
	return id, steps[end:], err
}

// parent returns the nth parent of a commit.
func (r *Repo) parent(rev, id string, n int) (string, error) {
	c, err := r.commit(id)
	if err != nil {
		return "", err
	}
	if n > len(c.Parents) {
		shallow, err := r.shallow()
		if err == nil && shallow[c.ID] {
			return "", r.revisionError(rev, "the clone is shallow and ends before it; git fetch --unshallow, or --deepen, gets it")
		}
		return "", r.revisionError(rev, fmt.Sprintf("the commit %s has %d parents", c.ID, len(c.Parents)))
	}
	parent := r.rawID(c.Parents[n-1])
	if parent == "" {
		return "", fmt.Errorf("the commit %s: %w", c.ID, errDamaged)
	}
	return parent, nil
}

// peel follows tags, and from a commit to its tree, to an object of a kind; 0 is
// any but a tag.
func (r *Repo) peel(rev, id string, want kind) (string, error) {
	o, err := r.objects()
	if err != nil {
		return "", err
	}
	for range 100 {
		k, data, err := o.read(id)
		if errors.Is(err, errNoObject) {
			err = r.missing(id)
		}
		if err != nil {
			return "", fmt.Errorf("the revision %q: %w", rev, err)
		}
		if k == want || want == 0 && k != kindTag {
			return id, nil
		}
		var next string
		fields(data, func(name, value string) {
			if k == kindTag && name == "object" || k == kindCommit && want == kindTree && name == "tree" {
				next = r.rawID(value)
			}
		})
		if next == "" {
			break
		}
		id = next
	}
	for name, k := range kindNames {
		if k == want {
			return "", r.revisionError(rev, "it is no "+name)
		}
	}
	return "", r.revisionError(rev, "its tags are in a circle")
}

// resolveName returns what a revision without steps names.
// (git/git, object-name.c, get_oid_basic)
func (r *Repo) resolveName(rev, name string) (string, error) {
	if name == "" || strings.ContainsAny(name, ": \t\n?*[\\") || strings.Contains(name, "..") {
		return "", r.revisionError(rev, "it is not one that ctxsize understands; git rev-parse can say its id")
	}
	if isHex(name) && len(name) == 2*r.idSize {
		return r.rawID(name), nil
	}
	if before, in, ok := strings.Cut(name, "@{"); ok {
		return r.upstream(rev, before, in)
	}
	if name == "@" {
		name = "HEAD"
	}
	id, err := r.anyRef(name)
	if err != nil || id != "" {
		return id, err
	}
	digits := name
	if i := strings.LastIndex(name, "-g"); i > 0 { // as git describe says it
		digits = name[i+2:]
	}
	if digits = strings.ToLower(digits); len(digits) < 4 || strings.Trim(digits, "0123456789abcdef") != "" {
		return "", r.revisionError(rev, fmt.Sprintf("there is no branch, tag or commit %q here", name)+r.fetchHint())
	}
	return r.abbreviated(rev, digits)
}

// fetchHint says why a revision may not have come with the clone.
func (r *Repo) fetchHint() string {
	if shallow, err := r.shallow(); err == nil && shallow != nil {
		return "; the clone is shallow: git fetch may get it"
	}
	return ""
}

// anyRef looks for a reference under the names that its short name can stand for.
// (git/git, refs.c, ref_rev_parse_rules)
func (r *Repo) anyRef(name string) (string, error) {
	for _, rule := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"} {
		full := fmt.Sprintf(rule, name)
		if rule == "%s" && !strings.HasPrefix(name, "refs/") && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") != "" {
			continue // a file of the repository, such as "config"
		}
		id, err := r.ref(full)
		if errors.Is(err, errNoRef) {
			continue
		}
		if err != nil {
			return "", err
		}
		return r.rawID(id), nil
	}
	return "", nil
}

// upstream resolves "branch@{upstream}".
func (r *Repo) upstream(rev, branch, in string) (string, error) {
	switch strings.ToLower(in) {
	case "upstream}", "u}":
	default:
		return "", r.revisionError(rev, "of @{...}, only @{upstream} is understood; git rev-parse can say its id")
	}
	if branch == "" || branch == "HEAD" || branch == "@" {
		head, err := r.readRef("HEAD")
		if err != nil {
			return "", err
		}
		full, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(head, "ref:")), "refs/heads/")
		if !ok {
			return "", r.revisionError(rev, "HEAD is on no branch")
		}
		branch = full
	}
	remote, _ := r.settings.all.last("branch." + branch + ".remote")
	merge, ok := r.settings.all.last("branch." + branch + ".merge")
	if !ok || remote == "" {
		return "", r.revisionError(rev, fmt.Sprintf("the branch %q has no upstream", branch))
	}
	if remote == "." {
		return r.mustRef(rev, merge)
	}
	for _, spec := range r.settings.all["remote."+remote+".fetch"] {
		from, to, _ := strings.Cut(strings.TrimPrefix(spec, "+"), ":")
		front, back, star := strings.Cut(from, "*")
		if !star && from == merge {
			return r.mustRef(rev, to)
		}
		if middle, ok := strings.CutPrefix(merge, front); star && ok && strings.HasSuffix(middle, back) {
			return r.mustRef(rev, strings.Replace(to, "*", strings.TrimSuffix(middle, back), 1))
		}
	}
	return "", r.revisionError(rev, fmt.Sprintf("%q does not fetch the upstream of %q", remote, branch))
}

func (r *Repo) mustRef(rev, full string) (string, error) {
	id, err := r.ref(full)
	if errors.Is(err, errNoRef) {
		return "", r.revisionError(rev, fmt.Sprintf("%q was not fetched", full))
	}
	return r.rawID(id), err
}

// abbreviated returns the commit, tag or tree whose id begins with some digits.
func (r *Repo) abbreviated(rev, digits string) (string, error) {
	o, err := r.objects()
	if err != nil {
		return "", err
	}
	ids, err := o.withPrefix(digits)
	if err != nil {
		return "", err
	}
	// Where several begin so, git takes the one commit among them.
	for _, want := range [][]kind{{kindCommit, kindTag}, {kindTree}} {
		var fit []string
		for _, id := range ids {
			k, _, err := o.read(id)
			if err != nil {
				return "", err
			}
			if slices.Contains(want, k) {
				fit = append(fit, id)
			}
		}
		switch len(fit) {
		case 0:
		case 1:
			return fit[0], nil
		default:
			return "", r.revisionError(rev, "several commits begin so; give more digits")
		}
	}
	return "", r.revisionError(rev, fmt.Sprintf("there is no branch, tag or commit %q here", digits)+r.fetchHint())
}
