package plan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// baselineVersion is that of the file. Fields may be added under it.
const baselineVersion = 1

// baselineDepth is how many levels of directories the file tells apart: enough to
// say where something grew, and few enough to be read in a review.
const baselineDepth = 2

// baselineFile says what contexts weighed when it was written. It is meant to be
// committed.
type baselineFile struct {
	SchemaVersion int               `json:"schemaVersion"`
	Contexts      []baselineContext `json:"contexts"`
}

type baselineContext struct {
	baselineKey
	Sent      baselineTotals `json:"sent"`
	Eligible  baselineTotals `json:"eligible"`
	WireBytes int64          `json:"wireBytes"`
	Dirs      []baselineDir  `json:"dirs"`
}

// baselineKey tells contexts apart. The paths are relative to the file, so that
// they are the same on every machine.
type baselineKey struct {
	Context    string `json:"context"`
	Builder    string `json:"builder"`
	Dockerfile string `json:"dockerfile"`
	Target     string `json:"target"`
}

type baselineTotals struct {
	Bytes int64 `json:"bytes"`
	Files int   `json:"files"`
	Dirs  int   `json:"dirs"`
	Other int   `json:"other"`
}

type baselineDir struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	Files int    `json:"files"`
}

// AgainstBaseline compares what was measured with what a file says of the same
// context: its path, builder, Dockerfile and target. What is compared is all that
// is sent. The error is a [UsageError] where the file says nothing that can be
// compared.
func (res *Result) AgainstBaseline(name string) (*Comparison, error) {
	again := "ctxsize check --baseline " + name + " --update-baseline writes it"
	file, err := readBaseline(res.absolute(name), name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(again, "there is no baseline %q", name)
	}
	if err != nil {
		return nil, err
	}
	key := res.baselineKey(name)
	i := slices.IndexFunc(file.Contexts, func(c baselineContext) bool { return c.baselineKey == key })
	if i < 0 {
		return nil, usage(again, "the baseline %q says nothing of the context %q built by %s with the Dockerfile %q and the target %q",
			name, key.Context, key.Builder, key.Dockerfile, key.Target)
	}
	now, err := res.baseline(name)
	if err != nil {
		return nil, err
	}
	base := file.Contexts[i]
	c := &Comparison{
		Context: res.Path, Title: res.Title(), Builder: res.Builder, BaseFile: name,
		Base: base.size(), Now: now.size(),
		Dirs: base.changes(now),
	}
	return c, nil
}

// WriteBaseline makes a file say what contexts weigh now. What it says of others
// stays.
func WriteBaseline(name string, all []*Result) error {
	full := all[0].absolute(name)
	file, err := readBaseline(full, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, res := range all {
		now, err := res.baseline(name)
		if err != nil {
			return err
		}
		file.Contexts = slices.DeleteFunc(file.Contexts, func(c baselineContext) bool { return c.baselineKey == now.baselineKey })
		file.Contexts = append(file.Contexts, now)
	}
	slices.SortStableFunc(file.Contexts, func(a, b baselineContext) int {
		return cmp.Or(
			cmp.Compare(a.Context, b.Context), cmp.Compare(a.Dockerfile, b.Dockerfile),
			cmp.Compare(a.Target, b.Target), cmp.Compare(a.Builder, b.Builder),
		)
	})
	file.SchemaVersion = baselineVersion
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(file); err != nil {
		return err
	}
	if err := writeFile(full, text.Bytes()); err != nil {
		return &UsageError{Err: fmt.Errorf("the baseline %q was not written: %w", name, err), Hint: "name a file that can be written"}
	}
	return nil
}

// readBaseline reads a file; the error wraps [fs.ErrNotExist] where there is none.
func readBaseline(full, name string) (baselineFile, error) {
	var file baselineFile
	text, err := os.ReadFile(full)
	if errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	switch {
	case err != nil:
		return file, usage("remove it, and write it again with --update-baseline", "the baseline %q cannot be read: %w", name, err)
	case file.SchemaVersion != baselineVersion:
		return file, usage("use the ctxsize that wrote it, or write it again with --update-baseline",
			"the baseline %q is of version %d, and this ctxsize knows version %d", name, file.SchemaVersion, baselineVersion)
	}
	return file, nil
}

// absolute returns a path that is given relative to the working directory.
func (r *Run) absolute(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.Dir, name)
}

// baselineKey names the measured context in a file.
func (res *Result) baselineKey(name string) baselineKey {
	from := filepath.Dir(resolved(res.absolute(name)))
	relative := func(full string) string {
		if rel, err := filepath.Rel(from, full); err == nil {
			full = rel
		}
		return filepath.ToSlash(full)
	}
	key := baselineKey{Context: relative(res.Root), Builder: res.Builder.String(), Target: res.Target}
	switch d := res.Dockerfile; {
	case d.Missing:
	case d.Inside != "":
		key.Dockerfile = d.Inside
	case d.full != "":
		key.Dockerfile = relative(d.full)
	default:
		key.Dockerfile = d.Name
	}
	return key
}

// baseline is what the file is to say of the measured context. The file itself does
// not count: writing it would be growth.
func (res *Result) baseline(name string) (baselineContext, error) {
	c := baselineContext{
		baselineKey: res.baselineKey(name),
		Sent:        baselineTotals(res.Measurement.Sent), Eligible: baselineTotals(res.Measurement.Eligible),
		WireBytes: res.ContextWire(),
		Dirs:      []baselineDir{},
	}
	res.Inventory.Walk(0, func(id buildcontext.ID, at string) bool {
		sub, isDir := res.Inventory.Dir(id)
		if !isDir {
			return false
		}
		if s := res.Measurement.Dirs[sub]; s.SentFiles > 0 {
			c.Dirs = append(c.Dirs, baselineDir{Path: at, Bytes: s.SentBytes, Files: s.SentFiles})
		}
		return strings.Count(at, "/") < baselineDepth-1
	})
	own := inside(res.Root, resolved(res.absolute(name)))
	id, ok := res.Inventory.Lookup(own)
	if own == "" || !ok || !res.Selection.Eligible(id) {
		return c, nil
	}
	c.Eligible.Bytes -= res.Inventory.Size(id)
	c.Eligible.Files--
	return c, c.spare(res, own)
}

// resolved follows the links of the directory that holds a file.
func resolved(full string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		return filepath.Join(dir, filepath.Base(full))
	}
	return full
}

// spare takes a file out of what is sent.
func (c *baselineContext) spare(res *Result, own string) error {
	spared, err := buildcontext.NewSavings(res.Selection, res.Measurement).Without([]string{own})
	if err != nil {
		return err
	}
	c.Sent.Bytes -= spared.Bytes
	c.Sent.Files -= spared.Files
	c.WireBytes -= spared.WireBytes
	for i := range c.Dirs {
		if d := &c.Dirs[i]; strings.HasPrefix(own, d.Path+"/") {
			d.Bytes -= spared.Bytes
			d.Files -= spared.Files
		}
	}
	c.Dirs = slices.DeleteFunc(c.Dirs, func(d baselineDir) bool { return d.Files == 0 })
	return nil
}

func (c baselineContext) size() Size {
	return Size{Sent: buildcontext.Totals(c.Sent), Eligible: buildcontext.Totals(c.Eligible), WireBytes: c.WireBytes}
}

// changes lists the directories that differ, as [Comparison] has them.
func (c baselineContext) changes(now baselineContext) []DirChange {
	pairs := map[string]*pair{}
	at := func(name string) *pair {
		if pairs[name] == nil {
			pairs[name] = &pair{DirChange: DirChange{Path: name}}
		}
		return pairs[name]
	}
	for _, d := range append(c.Dirs, baselineDir{".", c.Sent.Bytes, c.Sent.Files}) {
		p := at(d.Path)
		p.BaseBytes, p.BaseFiles = d.Bytes, d.Files
	}
	for _, d := range append(now.Dirs, baselineDir{".", now.Sent.Bytes, now.Sent.Files}) {
		p := at(d.Path)
		p.NowBytes, p.NowFiles = d.Bytes, d.Files
	}
	var names []string
	for name, p := range pairs {
		p.own = p.DirChange
		if name != "." {
			names = append(names, name)
		}
	}
	// The deepest first, so that each is whole when it is put into the one above.
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(b, "/"), strings.Count(a, "/")), cmp.Compare(a, b))
	})
	for _, name := range names {
		at(path.Dir(name)).add(pairs[name])
	}
	return sortedChanges(pairs["."].changes(baselineDepth))
}
