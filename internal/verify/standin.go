package verify

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// standIn is a directory that takes the place of an image, as a named context.
type standIn struct {
	// image is the name under which the front end looks the context up.
	image, dir string
	release    func()
}

// standIns are those of one build, by [standIn.image].
type standIns map[string]*standIn

// has tells whether a named context is a stand-in.
func (s standIns) has(name string) bool { return s[name] != nil }

// release lets the files be opened again.
func (s standIns) release() {
	for _, in := range s {
		in.release()
	}
}

// newStandIns makes a stand-in for each image. It leaves out an image that has
// the name of a stage: a named context would take the place of that stage, too,
// which is what is wanted only where the user has given one.
func newStandIns(res *plan.Result, r *room, images []string) (standIns, error) {
	all := standIns{}
	o := res.Options
	o.Stdin = bytes.NewReader(res.Dockerfile.Data)
	o.BuildContexts = nil
	given := map[string]bool{}
	for _, c := range res.NamedContexts() {
		given[familiar(c.Name)] = true
		if !slices.Contains(images, familiar(c.Name)) {
			o.BuildContexts = append(o.BuildContexts, c.Name+"="+c.Value)
		}
	}
	for _, image := range images {
		dir, err := r.mkdir()
		if err != nil {
			return nil, err
		}
		name := familiar(image)
		all[name] = &standIn{image: name, dir: dir, release: func() {}}
		o.BuildContexts = append(o.BuildContexts, name+"="+dir)
	}
	run, err := plan.Prepare(o)
	if err != nil {
		return nil, err
	}
	if run.Build != nil {
		for _, stage := range run.Build.Stages {
			if !given[stage.Replaced] {
				delete(all, stage.Replaced)
			}
		}
		for name, in := range all {
			for _, reads := range run.Build.Named[name] {
				if err := in.plant(reads.Paths); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, in := range all {
		if err := in.hold(); err != nil {
			all.release()
			return nil, err
		}
	}
	return all, nil
}

// plant makes what a COPY --from or a mount takes from the image: were it
// missing, the build would fail before its transfers have ended. A directory will
// do for anything.
func (s *standIn) plant(paths []string) error {
	for _, path := range paths {
		if strings.ContainsAny(path, `*?[\`) {
			continue // what matches nothing is no error
		}
		if err := os.MkdirAll(filepath.Join(s.dir, filepath.FromSlash(path)), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// hold holds every directory of the stand-in: each may be asked for alone.
func (s *standIn) hold() error {
	var releases []func()
	s.release = func() {
		for _, release := range releases {
			release()
		}
	}
	return filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		release, err := hold(path)
		if err == nil {
			releases = append(releases, release)
		}
		return err
	})
}
