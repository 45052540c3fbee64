package plan

import (
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Explanation says why a path is sent or not.
type Explanation struct {
	// Path is relative to the context.
	Path   string
	Exists bool
	// Ignored and Sent hold for a path that does not exist as if it were a file.
	Ignored, Sent bool
	// Emptied tells that BuildKit announces the file and sends no content.
	Emptied bool
	// Rule decides; nil where none does. Via is the directory above at which it
	// matched, "" where it matched the path itself.
	Rule *ignore.Rule
	Via  string
	// Overruled are the other rules that match the path or a directory above it,
	// in order.
	Overruled []ignore.Rule
	// Read is the first instruction that reads the path; nil where none does, or
	// where the builder does not ask.
	Read *buildcontext.Read
	// Builders is what each builder makes of the path; nil where all of them do
	// the same.
	Builders []Verdict

	inventory *buildcontext.Inventory // of the path alone
	id        buildcontext.ID
}

// Explain says for each file, named relative to the working directory, what
// becomes of it, if the tried rules were in the ignore file. It reads only what
// lies on the way there and below.
func (r *Run) Explain(ctx context.Context, files []string, tried Tried) ([]Explanation, error) {
	rules, err := r.withTried(tried)
	if err != nil {
		return nil, err
	}
	tracer, err := r.newTracer(rules)
	if err != nil {
		return nil, refused(err)
	}
	others := r.otherBuilders(tried)
	var all []Explanation
	for _, file := range files {
		path, err := r.inContext(file)
		if err != nil {
			return nil, err
		}
		e, err := r.explain(ctx, tracer, path)
		if err != nil {
			return nil, err
		}
		if e.Builders, err = others.verdicts(ctx, r, rules, &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// inContext makes a path relative to the context of one that is relative to the
// working directory. The last part is not followed if it is a link.
func (r *Run) inContext(file string) (string, error) {
	full := file
	if !filepath.IsAbs(full) {
		full = filepath.Join(r.Dir, file)
	}
	// Directories above that do not exist have no links to resolve.
	dir, rest := filepath.Split(filepath.Clean(full))
	for {
		resolved, err := filepath.EvalSymlinks(dir)
		if err == nil {
			full = filepath.Join(resolved, rest)
			break
		}
		parent, name := filepath.Split(filepath.Clean(dir))
		if parent == dir || name == "" {
			break
		}
		dir, rest = parent, filepath.Join(name, rest)
	}
	path := inside(r.Root, full)
	switch path {
	case "":
		return "", usage("name the context with --context", "%q lies outside the context %q", file, r.Path)
	case ".":
		return "", usage("name a file or a directory in it", "%q is the context itself: no rule can ignore it", file)
	}
	return path, nil
}

func (r *Run) explain(ctx context.Context, tracer tracer, path string) (Explanation, error) {
	e := Explanation{Path: path, Exists: true}
	inv, err := buildcontext.Scan(ctx, buildcontext.Only(r.Source, path), buildcontext.ScanOptions{})
	if err != nil {
		return e, err
	}
	id, ok := inv.Lookup(path)
	if !ok {
		e.Exists = false
		if inv, err = buildcontext.Scan(ctx, hypothetical(path), buildcontext.ScanOptions{}); err != nil {
			return e, err
		}
		id, _ = inv.Lookup(path)
	}
	e.inventory, e.id = inv, id
	sel, err := buildcontext.Select(inv, r.ContextRequest(tracer.rules))
	if err != nil {
		return e, wrapRefusal(err)
	}
	e.Ignored, e.Sent, e.Emptied = !sel.Eligible(id), sel.Sent(id), sel.Emptied(id)
	matches, err := tracer.matches(path)
	if err != nil {
		return e, refused(err)
	}
	for _, m := range matches {
		rule := sel.Rules()[m.Rule]
		if m.Rule == sel.Rule(id) {
			e.Rule, e.Via = &rule, m.Via
		} else {
			e.Overruled = append(e.Overruled, rule)
		}
	}
	if r.Builder == buildcontext.BuildKit && r.Build != nil {
		e.Read = readerOf(r.Build.Context.Each, path)
	}
	return e, nil
}

// readerOf returns the first read that asks for a path, something below it, or a
// directory above it.
func readerOf(reads []buildcontext.Read, path string) *buildcontext.Read {
	for i := range reads {
		read := &reads[i]
		if !read.Uses {
			continue
		}
		asked := strings.TrimPrefix(read.Path, "/")
		if asked == "" || strings.HasPrefix(asked, path+"/") {
			return read
		}
		m, err := ignore.Compile(ignore.Patterns(asked))
		if err != nil {
			continue
		}
		if d, err := m.Plain(path); err == nil && d.Ignored {
			return read
		}
	}
	return nil
}

// hypothetical is a source that holds nothing but an empty file at a path.
type hypothetical string

var errNoSuch = &fs.PathError{Op: "lstat", Err: fs.ErrNotExist}

// Lstat implements [buildcontext.Source].
func (h hypothetical) Lstat(path string) (buildcontext.Stat, error) {
	s := buildcontext.Stat{Name: path[strings.LastIndexByte(path, '/')+1:], Mode: 0o644, Links: 1}
	switch {
	case path == string(h):
		return s, nil
	case strings.HasPrefix(string(h), path+"/"):
		s.Mode = fs.ModeDir | 0o755
		return s, nil
	}
	return s, errNoSuch
}

// ReadDir implements [buildcontext.Source].
func (h hypothetical) ReadDir(dir string) ([]buildcontext.Stat, error) {
	rest := strings.TrimPrefix(strings.TrimPrefix(string(h), dir), "/")
	name, _, _ := strings.Cut(rest, "/")
	s, err := h.Lstat(strings.TrimPrefix(dir+"/"+name, "/"))
	return []buildcontext.Stat{s}, err
}

// Readlink implements [buildcontext.Source].
func (h hypothetical) Readlink(string) (string, error) { return "", errNoSuch }

// Open implements [buildcontext.Source].
func (h hypothetical) Open(string) (io.ReadCloser, error) { return nil, errNoSuch }

// Readable implements [buildcontext.Source].
func (h hypothetical) Readable(string) error { return nil }

// Xattrs implements [buildcontext.Source].
func (h hypothetical) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }
