package dockerfile

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// gitRef is what ADD must know of a git source. The parser follows
// moby/buildkit frontend/dockerfile/dfgitutil/git_ref.go : ParseGitRef with
// util/gitutil/git_url.go : ParseURL and util/sshutil/scpurl.go, which are not
// imported because they bring an SSH client with them.
type gitRef struct {
	keepGitDir *bool
	checksum   string
	// localLooking marks "github.com/a/b", which is a path for COPY and ADD.
	localLooking bool
}

var (
	errNotGit   = errors.New("not a git reference")
	urlProtocol = regexp.MustCompile(`^[a-zA-Z0-9]+://`)
	scpURL      = regexp.MustCompile(`^([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\?(.*?))?(?:#(.*))?$`)
)

// parseGitRef returns the reference, whether s can only be meant as one, and an
// error where it is none or a wrong one.
func parseGitRef(s string) (ref gitRef, isGit bool, err error) {
	var u *url.URL
	var query url.Values
	var fragment string
	switch {
	case strings.HasPrefix(s, "./"), strings.HasPrefix(s, "../"):
		return ref, false, errNotGit
	case strings.HasPrefix(s, "github.com/"):
		ref.localLooking = true
		if u, err = url.Parse(s); err != nil {
			return ref, false, err
		}
		query, fragment = u.Query(), u.Fragment
	case urlProtocol.MatchString(s):
		switch strings.ToLower(strings.TrimSuffix(urlProtocol.FindString(s), "://")) {
		case "http", "https", "ssh", "git":
		default:
			return ref, false, errNotGit
		}
		if u, err = url.Parse(s); err != nil {
			return ref, false, err
		}
		if (u.Scheme == "http" || u.Scheme == "https") && !strings.HasSuffix(u.Path, ".git") {
			return ref, false, errNotGit
		}
		query, fragment = u.Query(), u.Fragment
	default:
		m := scpURL.FindStringSubmatch(s)
		if m == nil {
			return ref, false, errNotGit
		}
		if query, err = url.ParseQuery(m[4]); err != nil {
			return ref, false, errNotGit
		}
		fragment = m[5]
	}
	if err := ref.loadQuery(fragment, query); err != nil {
		return ref, true, err
	}
	return ref, true, nil
}

// loadQuery follows git_ref.go : GitRef.loadQuery.
func (g *gitRef) loadQuery(fragment string, query url.Values) error {
	if len(query) == 0 {
		return nil
	}
	rev, subdir := splitFragment(fragment)
	var tag, branch string
	for k, values := range query {
		if len(values) > 1 {
			return fmt.Errorf("query %q has multiple values", k)
		}
		v := ""
		if len(values) == 1 {
			v = values[0]
		}
		flag := func() (*bool, error) {
			b := true
			if v != "" {
				var err error
				if b, err = strconv.ParseBool(v); err != nil {
					return nil, fmt.Errorf("invalid %s value: %q", k, v)
				}
			}
			return &b, nil
		}
		switch k {
		case "submodules", "keep-git-dir", "fetch-by-commit":
			b, err := flag()
			if err != nil {
				return err
			}
			if k == "keep-git-dir" {
				g.keepGitDir = b
			}
			continue
		}
		if v == "" {
			return fmt.Errorf("query %q has no value", k)
		}
		switch k {
		case "ref":
			if rev != "" && rev != v {
				return fmt.Errorf("ref conflicts: %q vs %q", rev, v)
			}
			rev = v
		case "tag":
			tag = v
		case "branch":
			branch = v
		case "subdir":
			if subdir != "" && subdir != v {
				return fmt.Errorf("subdir conflicts: %q vs %q", subdir, v)
			}
			subdir = v
		case "checksum", "commit":
			g.checksum = v
		case "mtime":
			if v != "checkout" && v != "commit" {
				return fmt.Errorf("invalid mtime value: %q (must be \"checkout\" or \"commit\")", v)
			}
		default:
			return fmt.Errorf("unexpected query %q", k)
		}
	}
	if tag != "" {
		tag = "refs/tags/" + strings.TrimPrefix(tag, "refs/tags/")
		if rev != "" && rev != tag {
			return fmt.Errorf("ref conflicts: %q vs %q", rev, tag)
		}
		rev = tag
	}
	if branch != "" {
		if tag != "" {
			return errors.New("branch conflicts with tag")
		}
		branch = "refs/heads/" + strings.TrimPrefix(branch, "refs/heads/")
		if rev != "" && rev != branch {
			return fmt.Errorf("ref conflicts: %q vs %q", rev, branch)
		}
	}
	return nil
}

// splitFragment follows git_url.go : parseOpts.
func splitFragment(fragment string) (rev, subdir string) {
	if fragment == "" {
		return "", ""
	}
	rev, subdir, _ = strings.Cut(fragment, ":")
	return rev, strings.TrimPrefix(cleanRooted(subdir), "/")
}

// isHTTPSource and isGitSource follow convert_copy.go.
func isHTTPSource(s string) bool { return isWebAddress(s) && !isGitSource(s) }

func isGitSource(s string) bool {
	_, isGit, err := parseGitRef(s)
	return isGit && err == nil
}

func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
