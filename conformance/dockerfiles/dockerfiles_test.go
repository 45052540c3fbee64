package dockerfiles

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/ctxsize/ctxsize/dockerfile"
)

// The images that the front end is told of. The plain one defines nothing that a
// Dockerfile uses; with each of the others, an answer that differs from that of
// the plain one must have been announced.
var (
	plain   = imageConfig{Env: []string{"PATH=" + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, WorkingDir: "/w/x/y"}
	defines = imageConfig{Env: []string{"PATH=/elsewhere", "A=base/a", "B=base", "D=base/d", "F=.", "NOPE=yes"}, WorkingDir: "/w/x/y"}
	trigger = imageConfig{WorkingDir: "/w/x/y", OnBuild: []string{"COPY triggered /"}}
	rooted  = imageConfig{WorkingDir: "/"}
)

func count() int {
	if n, err := strconv.Atoi(os.Getenv("CTXSIZE_DOCKERFILES")); err == nil {
		return n
	}
	return 2000
}

func firstSeed() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("CTXSIZE_SEED"), 10, 64)
	return n
}

// read is ctxsize's answer in the form of the front end's.
func read(b *build) (answer, *dockerfile.Result) {
	a := answer{locals: map[string][]transfer{}, ignores: map[string]bool{}}
	file, err := dockerfile.Parse("Dockerfile", []byte(b.dockerfile))
	if err != nil {
		a.err = err
		return a, nil
	}
	res, err := file.Resolve(dockerfile.Options{
		Target: b.target, BuildArgs: b.args, NamedContexts: b.contexts, Platform: b.platform,
	})
	if err != nil {
		a.err = err
		return a, nil
	}
	if res.Context.Used {
		a.locals["context"] = []transfer{res.Context.Paths}
	}
	for name, transfers := range res.Named {
		a.ignores[name] = true
		for _, t := range transfers {
			a.locals[name] = append(a.locals[name], t.Paths)
		}
	}
	return a, res
}

// diff compares what is transferred, and whether the build is refused. The ignore
// file of the main context is fetched in any case.
func diff(want, got answer) string {
	if (want.err != nil) != (got.err != nil) {
		return fmt.Sprintf("error: front end %v, ctxsize %v", want.err, got.err)
	}
	if want.err != nil {
		return ""
	}
	canon := func(a answer) string {
		var s []string
		for _, name := range sortedNames(a.locals) {
			var all []string
			for _, t := range a.locals[name] {
				all = append(all, fmt.Sprintf("%q", []string(t)))
			}
			slices.Sort(all)
			s = append(s, name+strings.Join(all, ""))
		}
		for _, name := range sortedNames(a.ignores) {
			if name != "context" || len(a.locals[name]) > 1 {
				s = append(s, "ignore file of "+name)
			}
		}
		return strings.Join(s, "\n")
	}
	if w, g := canon(want), canon(got); w != g {
		return fmt.Sprintf("front end:\n%s\nctxsize:\n%s", w, g)
	}
	return ""
}

func kinds(res *dockerfile.Result) map[dockerfile.Kind]bool {
	all := map[dockerfile.Kind]bool{}
	if res != nil {
		for _, u := range res.Unknown {
			all[u.Kind] = true
		}
	}
	return all
}

// tally counts what the builds were like.
type tally struct {
	builds, refused, used, lists, named int
	words                               map[string]int
}

// TestFrontend holds dockerfile.Parse and File.Resolve to BuildKit's front end on
// random builds: refused or not, which contexts are transferred, with which list.
// Whatever the front end refuses is compared, then mended and asked again, so that
// most builds end as one that works.
func TestFrontend(t *testing.T) {
	n := &tally{words: map[string]int{}}
	for i := range count() {
		seed := firstSeed() + uint64(i)
		b := makeBuild(seed)
		m := &maker{Rand: rand.New(rand.NewPCG(seed, 8))}
		for range 40 {
			want := ask(t.Context(), b.dockerfile, b.frontendOptions(), plain)
			n.compare(t, seed, b, want)
			if want.err == nil || !m.mend(b, want.err) {
				break
			}
		}
	}
	for _, w := range sortedNames(n.words) {
		t.Logf("other words (%d): %s", n.words[w], w)
	}
	t.Logf("%d builds: %d refused; of the others %d use the context, %d of them with a list, %d load named contexts",
		n.builds, n.refused, n.used, n.lists, n.named)
}

// TestFiles does the same with every Dockerfile below the directory that
// CTXSIZE_DOCKERFILES_DIR names, for each of its targets.
func TestFiles(t *testing.T) {
	root := os.Getenv("CTXSIZE_DOCKERFILES_DIR")
	if root == "" {
		t.Skip("no directory is named")
	}
	n := &tally{words: map[string]int{}}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err != nil || !e.Type().IsRegular() || !strings.HasPrefix(name, "Dockerfile") && !strings.HasSuffix(name, ".Dockerfile") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		targets := []string{""}
		if file, err := dockerfile.Parse(path, text); err == nil {
			targets = append(targets, file.Targets()...)
		}
		for _, target := range targets {
			b := &build{dockerfile: string(text), target: target}
			n.compare(t, 0, b, ask(t.Context(), b.dockerfile, b.frontendOptions(), plain))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d builds: %d refused; of the others %d use the context, %d of them with a list", n.builds, n.refused, n.used, n.lists)
}

func (n *tally) compare(t *testing.T, seed uint64, b *build, want answer) {
	t.Helper()
	n.builds++
	got, res := read(b)
	unknown := kinds(res)
	d := diff(want, got)
	// A variable that must be set (${A:?}) may be set by the image.
	if d != "" && want.err != nil && got.err == nil && unknown[dockerfile.KindBaseEnv] {
		d = ""
	}
	// Not every lint rule is computed, which matters where warnings are errors.
	if d != "" && unknown[dockerfile.KindCheck] && strings.Contains(fmt.Sprint(want.err), "lint violation found") {
		d = ""
	}
	if d != "" {
		t.Errorf("seed %d: %s\n%s", seed, d, b)
		return
	}
	if want.err != nil {
		n.refused++
		if got.err != nil {
			if inner := innermost(got.err); !strings.Contains(want.err.Error(), inner) {
				n.words[fmt.Sprintf("%v | %v", want.err, inner)]++
			}
		}
		return
	}
	if res.Context.Used {
		n.used++
		if !res.Context.Whole {
			n.lists++
		}
	}
	if len(res.Named) > 0 {
		n.named++
	}
	for _, other := range []struct {
		image imageConfig
		kind  dockerfile.Kind
	}{{defines, dockerfile.KindBaseEnv}, {trigger, dockerfile.KindBaseOnbuild}, {rooted, dockerfile.KindBaseWorkdir}} {
		if unknown[other.kind] {
			continue
		}
		with := ask(t.Context(), b.dockerfile, b.frontendOptions(), other.image)
		if with.err != nil && other.kind == dockerfile.KindBaseEnv {
			// A variable may also spoil a word that reads nothing (EXPOSE $A).
			continue
		}
		if d := diff(with, got); d != "" {
			t.Errorf("seed %d: %s not announced: %s\n%s", seed, other.kind, d, b)
		}
	}
}

// mend takes away what the front end named, or else one of the options.
func (m *maker) mend(b *build, err error) bool {
	lines := strings.Split(b.dockerfile, "\n")
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 {
		r := at.Locations[0]
		first, last := r[0].Start.Line, r[len(r)-1].End.Line
		if first >= 1 && last <= len(lines) {
			if strings.HasPrefix(strings.ToUpper(lines[first-1]), "FROM") {
				for i, l := range lines {
					if strings.HasPrefix(l, "ONBUILD") {
						first, last = i+1, i+1
						break
					}
				}
			}
			b.dockerfile = strings.Join(slices.Delete(lines, first-1, last), "\n")
			return b.dockerfile != ""
		}
	}
	switch {
	case b.target != "":
		b.target = ""
	case len(b.contexts) > 0:
		clear(b.contexts)
	case len(b.args) > 0:
		clear(b.args)
	case b.platform != "":
		b.platform = ""
	case len(lines) > 1:
		i := m.IntN(len(lines))
		b.dockerfile = strings.Join(slices.Delete(lines, i, i+1), "\n")
	default:
		return false
	}
	return true
}

func innermost(err error) string {
	_, msg, _ := strings.Cut(err.Error(), ": ")
	return msg
}
