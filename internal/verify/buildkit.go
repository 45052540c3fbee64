package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ctxsize/ctxsize/internal/plan"
)

const (
	// quiet is how long a build whose transfers have ended is watched before it
	// is stopped, lest the builder hand over its steps in several parts.
	quiet = 250 * time.Millisecond
	// cutOffs is how many builds may be cut off, and losses in how many a number may
	// be lost, before that is the answer. What is lost once in two builds is small,
	// and comes at once.
	cutOffs, losses = 3, 12
)

// builder is a client of BuildKit's and the daemon that it is set up for.
type builder interface {
	// command returns the program that builds. The build must be cold: what the
	// daemon keeps of other builds must not count.
	command(b *build) (*child, error)
	// tidy removes what the builds have left in the daemon, as far as it can be
	// told from what is the user's.
	tidy(ctx context.Context)
	describe(v *Verification)
}

// build is one build of the context that was measured.
type build struct {
	*plan.Result
	room *room
	// pull is [Options.Pull].
	pull bool
	// asked are the images that stand-ins were made for, and images what was made.
	asked  []string
	images standIns
	// copied tells that the Dockerfile was another than the user's.
	copied bool
}

// ending is how a build ended.
type ending struct {
	observation
	// said is the last that the client wrote, and failure why the build failed;
	// nil where it did not, or was stopped.
	said    []string
	failure error
}

// tries is how many builds are worth it after one that ended like this: another
// may tell more where this one failed in one place while it was transferring in
// another, or where a number was lost.
func (e *ending) tries() int {
	switch {
	case e.refused != "":
		return 1
	case e.untold > 0:
		return losses
	case e.failure != nil && e.handed && e.open > 0:
		return cutOffs
	default:
		return 1
	}
}

// buildkit lets the first builder that answers ask for the transfers of a build,
// and stops it then.
func buildkit(ctx context.Context, res *plan.Result, r *room, opts Options) (*Verification, error) {
	with, err := findBuilder(ctx, res)
	if err != nil {
		return nil, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probing)
		defer cancel()
		with.tidy(ctx)
	}()
	v := &Verification{}
	with.describe(v)
	b := &build{Result: res, room: r, pull: opts.Pull}
	end, err := b.settle(ctx, with)
	if err != nil {
		return nil, err
	}
	switch {
	case end.refused != "":
		v.Refused = end.refused
	case end.untold > 0:
		return nil, unverifiable("try again", "%s did not tell the number of a transfer", v.Program)
	case end.failure == nil || end.handed && end.open == 0:
	case !end.any:
		return nil, clientFailed(v.Program, end.failure, end.said)
	case end.unfetched != "":
		return nil, b.fetchFailed(end.unfetched)
	case len(b.images) > 0 && strings.Contains(lastWord(end.said, end.failure), "frontend.contexts"):
		// Named contexts came with BuildKit 0.10 and Docker 23.
		return nil, unverifiable("add --pull: the builder fetches the real ones", "the builder is too old to put anything in the place of a base image")
	case !end.handed:
		v.Refused = lastWord(end.said, end.failure)
	default:
		return nil, b.neverEnded(v.Program, end)
	}
	v.Transfers = compareTransfers(res.Transfers, 0, end.sent)
	b.adjust(v)
	if !v.Equal() {
		b.suspect(v)
	}
	return v, nil
}

// settle builds until a build comes to an end that tells something. What images
// there are is known from the first.
func (b *build) settle(ctx context.Context, with builder) (*ending, error) {
	for try := 1; ; {
		end, err := b.once(ctx, with)
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return nil, err
		}
		more := b.unknown(end.images)
		if len(more) == 0 {
			if try >= end.tries() {
				return end, nil
			}
			try++
		}
		b.asked = append(b.asked, more...)
		if b.images, err = newStandIns(b.Result, b.room, b.asked); err != nil {
			return nil, err
		}
	}
}

// unknown returns the images that should not be fetched and that no stand-in was
// made for.
func (b *build) unknown(images []string) []string {
	if b.pull {
		return nil
	}
	return slices.DeleteFunc(images, func(image string) bool { return slices.Contains(b.asked, image) })
}

// once runs one build until its transfers have ended, until it asks for an image
// that it should not fetch, or to its own end.
func (b *build) once(ctx context.Context, with builder) (*ending, error) {
	defer b.images.release()
	c, err := with.command(b)
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t := newTracker()
	ended := make(chan error, 1)
	go func() { ended <- c.run(running, io.Discard, t) }()
	var enough <-chan time.Time // not nil while enough seems to be known
	for {
		select {
		case failure := <-ended:
			if errors.Is(failure, errSettled) {
				failure = nil
			}
			return &ending{observation: t.observe(b.images.has), said: t.said.all(), failure: failure}, nil
		case <-t.changed:
			switch known := len(b.unknown(t.images())) > 0 || t.settled(b.images.has); {
			case !known:
				enough = nil
			case enough == nil:
				enough = time.After(quiet)
			}
		case <-enough:
			stop(errSettled)
			enough = nil
		}
	}
}

// errSettled is why a build is stopped of which enough is known.
var errSettled = errors.New("enough is known")

// adjust says how the build was another than the user's, and what cannot be
// compared for it.
func (b *build) adjust(v *Verification) {
	if len(b.images) > 0 {
		v.Notes = append(v.Notes, "empty stand-ins took the place of "+strings.Join(slices.Sorted(maps.Keys(b.images)), ", ")+
			": what an ENV or ONBUILD of theirs would add does not show (--pull lets the builder fetch them)")
	}
	if syntax := foreignSyntax(b.Result); syntax != "" && !b.pull {
		v.Notes = append(v.Notes, "the builder's own front end took the place of "+syntax+" (--pull lets the builder fetch it)")
	}
	if !b.copied {
		return
	}
	for i := range v.Transfers {
		if t := &v.Transfers[i]; t.Kind == "dockerfile" {
			t.Status = NotCompared
		}
	}
}

// suspect names what the Dockerfile alone does not tell, and so may be the reason
// of a difference.
func (b *build) suspect(v *Verification) {
	if b.Build == nil {
		return
	}
	for _, u := range b.Build.Unknown {
		v.Notes = append(v.Notes, fmt.Sprintf("this may be why: %s:%d: %s", b.Dockerfile.Name, u.Line, u.Message))
	}
}

func (b *build) fetchFailed(why string) error {
	hint := "try again where the builder can fetch it: the image has the name of a stage, and nothing else can take its place"
	if b.pull {
		hint = "without --pull, stand-ins take the place of base images"
	}
	return unverifiable(hint, "the builder could not fetch an image, and asked for no context: %s", why)
}

func (b *build) neverEnded(program string, end *ending) error {
	hint := "repair the build first"
	if len(b.images) > 0 {
		hint = "with --pull the builder uses the real base images, and may come further"
	}
	return &plan.UsageError{
		Err: &ClientError{
			Err:    fmt.Errorf("%s failed before its transfers had ended: %s", program, lastWord(end.said, end.failure)),
			Output: end.said,
		},
		Hint: hint,
	}
}
