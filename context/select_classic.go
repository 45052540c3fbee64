package buildcontext

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/ctxsize/ctxsize/ignore"
)

// dockerignore is the ignore file that the classic client reads, rescues and
// makes up.
const dockerignore = ".dockerignore"

// selectClassic decides as the classic client does: it checks the whole context,
// adds the lines that rescue the build files, and walks once more.
// (docker/cli, cli/command/image/build.go, runBuild)
func (s *Selection) selectClassic() error {
	matcher, err := ignore.Compile(s.Request.Rules)
	if err != nil {
		return &RefusalError{Err: err}
	}
	s.rules = matcher.Rules()
	if err := s.checkClassic(matcher, matcher.PlainRoot(), 0, ""); err != nil {
		return err
	}
	w := classicWalk{Selection: s, matcher: matcher, enters: matcher.ExceptionsLiteral(), mark: eligible}
	if err := w.walk(); err != nil {
		return err
	}
	rescued, err := ignore.Compile(rescue(matcher, s.Request.Rules, s.Dockerfile))
	if err != nil {
		return &RefusalError{Err: err}
	}
	w = classicWalk{Selection: s, matcher: rescued, enters: rescued.ExceptionsLiteral(), mark: sent}
	return w.walk()
}

// rescue appends the exceptions that keep the build files in the context.
// (docker/cli, cli/command/image/build/dockerignore.go, TrimBuildFilesFromExcludes)
func rescue(matcher *ignore.Matcher, rules []ignore.Rule, dockerfile string) []ignore.Rule {
	rules = slices.Clone(rules)
	if matcher.Old(dockerignore) {
		rules = append(rules, ignore.Rule{Pattern: "!" + dockerignore})
		if m, err := ignore.Compile(rules); err == nil {
			matcher = m
		}
	}
	if dockerfile = path.Clean(dockerfile); dockerfile != "." && matcher.Old(dockerfile) {
		rules = append(rules, ignore.Rule{Pattern: "!" + dockerfile})
	}
	return rules
}

// checkClassic looks for what stops the client before it sends: in everything
// that the plain evaluator keeps, a rule without meaning, a file that cannot be
// opened; and a directory that cannot be read, even if it is ignored, because it
// is read first. (docker/cli, cli/command/image/build/context.go, ValidateContextDirectory)
func (s *Selection) checkClassic(matcher *ignore.Matcher, state *ignore.State, dir DirID, prefix string) error {
	if !matcher.MayFail() && s.inv.facts.unread == 0 {
		return nil
	}
	first, count := s.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		name := prefix + s.inv.Name(id)
		sub, isDir := s.inv.Dir(id)
		if isDir {
			if err := s.inv.Unread(id); err != nil && !unsearchable(err) {
				return refusedDirectory(name, err)
			}
		}
		d, below, err := matcher.Enter(state, s.inv.Name(id))
		if err != nil {
			return &RefusalError{Path: name, Err: err}
		}
		if d.Ignored {
			continue
		}
		if isDir {
			if err := s.inv.Unread(id); err != nil {
				return refusedDirectory(name, err)
			}
			if s.inv.Pruned(sub) {
				return errPruned
			}
			if err := s.checkClassic(matcher, below, sub, name+"/"); err != nil {
				return err
			}
		} else if err := s.inv.Unread(id); err != nil {
			return &RefusalError{Path: name, Err: fmt.Errorf("the classic builder has no permission to read it: %w", err)}
		}
	}
	return nil
}

// unsearchable tells a directory whose names can be read and nothing else of what
// it holds, which is not looked at where the directory is ignored.
func unsearchable(err error) bool {
	at, ok := errors.AsType[*fs.PathError](err)
	return ok && at.Op == "lstat"
}

func refusedDirectory(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) && !unsearchable(err) {
		err = fmt.Errorf("the classic builder cannot read this directory, even if it is ignored: %w", err)
	}
	return &RefusalError{Path: name, Err: err}
}

// classicWalk is the walk of the tar writer.
// (moby/go-archive, archive.go, Tarballer.Do)
type classicWalk struct {
	*Selection
	matcher *ignore.Matcher
	enters  func(dir string) bool
	mark    mark   // what the walk marks: eligible or sent
	path    []byte // of the directory that is walked
}

// walk walks everything. A rule without meaning ends the walk, and nobody is told.
func (w *classicWalk) walk() error {
	err := w.directory(0, w.matcher.Root())
	if _, refused := errors.AsType[*RefusalError](err); refused || errors.Is(err, errPruned) {
		return err
	}
	if err != nil {
		w.Stopped = err
	}
	return nil
}

func (w *classicWalk) directory(dir DirID, state *ignore.State) error {
	first, count := w.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		e := w.inv.entry(id)
		name := w.inv.names.at(e.name)
		var d ignore.Decision
		var below *ignore.State
		var err error
		if e.mode.IsDir() {
			d, below, err = w.matcher.Enter(state, name)
		} else {
			d, err = w.matcher.Entry(state, name)
		}
		if err != nil {
			return err
		}
		if w.mark == eligible {
			w.setRule(id, int32(d.Rule))
		}
		// A socket is eligible, but a tar cannot hold it.
		if isSocket := e.mode&fs.ModeSocket != 0; !d.Ignored && (w.mark == eligible || !isSocket) {
			w.marks[id] |= w.mark
			if err := w.unfinished(id, e, name); err != nil {
				return err
			}
		}
		if !e.mode.IsDir() {
			continue
		}
		sub := DirID(e.ref)
		if d.Ignored && !w.enters(join(w.path, name)) {
			if w.mark == eligible {
				w.ignoreBelow(sub, int32(d.Rule))
			}
			continue
		}
		if w.inv.Pruned(sub) {
			return errPruned
		}
		above := len(w.path)
		w.path = appendPath(w.path, name)
		err = w.directory(sub, below)
		w.path = w.path[:above]
		if err != nil {
			return err
		}
	}
	return nil
}

// unfinished refuses a file that cannot be read where the check before has not
// come: below an ignored directory that the tar writer enters for an exception.
// The header is written first, and the stream breaks off behind it.
// (moby/go-archive, archive.go, tarAppender.addTarFile)
func (w *classicWalk) unfinished(id ID, e *entry, name string) error {
	if w.mark != sent || !e.mode.IsRegular() || w.inv.Size(id) == 0 {
		return nil
	}
	if err := w.inv.Unread(id); err != nil {
		return &RefusalError{Path: join(w.path, name), Err: fmt.Errorf("the classic builder has no permission to read it, and breaks off: %w", err)}
	}
	return nil
}
