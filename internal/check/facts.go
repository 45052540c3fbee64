package check

import (
	"cmp"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// facts are the numbers of a measurement that limits are compared with.
func (c *Checked) facts() budget.Facts {
	m := c.Measurement
	f := budget.Facts{Bytes: m.Sent.Bytes, Files: int64(m.Sent.Files), Heaviest: c.heaviest, Dir: c.dir, Below: c.below}
	switch c.On {
	case budget.Eligible:
		f.Bytes, f.Files = m.Eligible.Bytes, int64(m.Eligible.Files)
	case budget.Wire:
		f.Bytes = c.ContextWire()
		if f.Bytes != 0 {
			// Of two numbers that may be printed, the limit is for both.
			f.Bytes = max(f.Bytes, m.Wire.Alternative)
		}
	case budget.Sent:
	}
	if c.Comparison != nil {
		f.Base, f.Now = c.size(c.Comparison.Base), c.size(c.Comparison.Now)
	}
	return f
}

// size is the number of one side of a comparison that limits are compared with.
func (c *Checked) size(s plan.Size) int64 {
	switch c.On {
	case budget.Eligible:
		return s.Eligible.Bytes
	case budget.Wire:
		return s.WireBytes
	default:
		return s.Sent.Bytes
	}
}

// weighs tells whether an entry counts, and how many bytes of it do.
func (c *Checked) weighs(id buildcontext.ID) (int64, bool) {
	size := c.Inventory.Size(id)
	switch {
	case !c.Inventory.Mode(id).IsRegular():
		return 0, false
	case c.On == budget.Eligible:
		return size, c.Selection.Eligible(id)
	case c.Selection.Emptied(id):
		return 0, true
	default:
		return size, c.Selection.Sent(id)
	}
}

// heaviest implements [budget.Facts].
func (c *Checked) heaviest(beyond int64) (most int64, over []budget.Offender) {
	c.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		if size, counts := c.weighs(id); counts {
			most = max(most, size)
			if size > beyond {
				over = append(over, budget.Offender{Path: path, Bytes: size, Files: 1})
			}
		}
		return true
	})
	slices.SortStableFunc(over, func(a, b budget.Offender) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return most, over
}

// lookup finds a directory by its path; "." is the root.
func (c *Checked) lookup(path string) (buildcontext.DirID, bool) {
	if path == "." {
		return 0, true
	}
	id, ok := c.Inventory.Lookup(path)
	if !ok {
		return 0, false
	}
	return c.Inventory.Dir(id)
}

// share is what counts below a directory.
func (c *Checked) share(dir buildcontext.DirID) (bytes int64, files int) {
	share := c.Measurement.Dirs[dir]
	if c.On == budget.Eligible {
		return share.EligibleBytes, share.EligibleFiles
	}
	return share.SentBytes, share.SentFiles
}

// dir implements [budget.Facts].
func (c *Checked) dir(path string) (int64, bool) {
	dir, ok := c.lookup(path)
	if !ok {
		return 0, false
	}
	bytes, _ := c.share(dir)
	return bytes, true
}

// below implements [budget.Facts].
func (c *Checked) below(path string, byFiles bool) []budget.Offender {
	dir, ok := c.lookup(path)
	if !ok {
		return nil
	}
	var all []budget.Offender
	first, count := c.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		o := budget.Offender{Path: c.Inventory.DirPath(dir) + c.Inventory.Name(id)}
		if sub, isDir := c.Inventory.Dir(id); isDir {
			o.Bytes, o.Files = c.share(sub)
		} else if size, counts := c.weighs(id); counts {
			o.Bytes, o.Files = size, 1
		}
		if o.Files > 0 {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b budget.Offender) int {
		if byFiles {
			return cmp.Compare(b.Files, a.Files)
		}
		return cmp.Compare(b.Bytes, a.Bytes)
	})
	return all
}

// Linted returns the findings of lint that a forbidden thing stands for; nil where
// it is none of lint's.
func (c *Checked) Linted(what string) []lint.Finding {
	f, err := plan.ParseForbidden(what)
	level, ok := f.Lint()
	if err != nil || !ok || c.Lint == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Lint.Findings), func(f lint.Finding) bool { return f.Severity < level })
}

// offences returns what is there and may not be.
func (c *Checked) offences(f plan.Forbidden) ([]budget.Offender, error) {
	var all []budget.Offender
	if _, ok := f.Lint(); ok {
		for _, found := range c.Linted(f.Text) {
			all = append(all, budget.Offender{
				Path: found.Path, Bytes: found.CostBytes, Note: found.ID + ": " + found.Message,
				File: c.Lint.Where(found.File), Line: found.Line,
			})
		}
		return all, nil
	}
	found, err := c.Forbidden(f)
	for _, o := range found {
		all = append(all, budget.Offender(o))
	}
	return all, err
}
