package plan

import (
	"context"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/suggest"
)

// saving is what one measurement is less than another.
func saving(before, after *buildcontext.Measurement) buildcontext.Saving {
	return buildcontext.Saving{
		Bytes:     before.Sent.Bytes - after.Sent.Bytes,
		Files:     before.Sent.Files - after.Sent.Files,
		WireBytes: before.Wire.Bytes - after.Wire.Bytes,
	}
}

// plus adds two savings.
func plus(a, b buildcontext.Saving) buildcontext.Saving {
	return buildcontext.Saving{Bytes: a.Bytes + b.Bytes, Files: a.Files + b.Files, WireBytes: a.WireBytes + b.WireBytes}
}

// less returns what one saving is more than another.
func less(all, some buildcontext.Saving) buildcontext.Saving {
	return buildcontext.Saving{
		Bytes: all.Bytes - some.Bytes, Files: all.Files - some.Files, WireBytes: all.WireBytes - some.WireBytes,
	}
}

// marginal says what each suggestion saves on top of others: one that is followed,
// on top of those that are followed and listed before it, so that they add up; one
// that is left, on top of all that are followed.
//
// The fold over directories answers that quickly where each pattern takes away its
// paths and nothing else. Where exceptions stand in the way, or the pattern of one
// catches what lies below the paths of another that is left, the ignore file with
// the lines is tried: always, where total, what all that are followed save together
// if somebody measured it, says that the quick answer is wrong.
func (res *Result) marginal(ctx context.Context, followed, left []*Suggestion, total *buildcontext.Saving) error {
	slow := slices.ContainsFunc(slices.Concat(followed, left), func(s *Suggestion) bool { return s.Partial })
	if !slow {
		all, err := marginalBy(followed, left, func(some []*Suggestion) (buildcontext.Saving, error) {
			var paths []string
			for _, s := range some {
				paths = append(paths, s.Paths...)
			}
			return res.savings.Without(paths)
		})
		if err != nil || total == nil || all == *total {
			return err
		}
	}
	_, err := marginalBy(followed, left, func(some []*Suggestion) (buildcontext.Saving, error) {
		var lines []suggest.Suggestion
		for _, s := range some {
			lines = append(lines, s.Suggestion)
		}
		m, err := res.try(ctx, suggest.Patch(res.IgnoreFile.File, lines))
		if err != nil {
			return buildcontext.Saving{}, err
		}
		return saving(res.Measurement, m), nil
	})
	return err
}

// marginalBy does so by what some suggestions save together, and returns what all
// that are followed save.
func marginalBy(followed, left []*Suggestion, together func([]*Suggestion) (buildcontext.Saving, error)) (buildcontext.Saving, error) {
	var all buildcontext.Saving
	for i, s := range followed {
		next, err := together(followed[:i+1])
		if err != nil {
			return all, err
		}
		s.Marginal, all = less(next, all), next
	}
	for _, s := range left {
		with, err := together(append(slices.Clip(followed), s))
		if err != nil {
			return all, err
		}
		s.Marginal = less(with, all)
	}
	return all, nil
}
