package dockerfile_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
)

// oneByOne is what [dockerfile.File.ResolveAll] must return: each target resolved on
// its own.
func oneByOne(f *dockerfile.File, opts dockerfile.Options) *dockerfile.Union {
	u := &dockerfile.Union{}
	seen := map[string]bool{}
	isNew := func(v any) bool {
		key := fmt.Sprintf("%#v", v)
		defer func() { seen[key] = true }()
		return !seen[key]
	}
	for _, target := range f.Targets() {
		opts.Target = target
		res, err := f.Resolve(opts)
		if err != nil {
			if u.Err == nil {
				u.Err = err
			}
			continue
		}
		for _, read := range res.Context.Each {
			if isNew(read) {
				u.Each = append(u.Each, read)
			}
		}
		for _, unknown := range res.Unknown {
			if isNew(unknown) {
				u.Unknown = append(u.Unknown, unknown)
			}
		}
	}
	return u
}

func TestResolveAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text string }{
		{"a stage that no target needs", "FROM scratch\nCOPY lost /\nFROM scratch AS a\nCOPY a /"},
		{"the first of two stages with one name", "FROM scratch AS a\nCOPY lost /\nFROM scratch AS a\nCOPY a /"},
		{"a stage that only a target needs which fails", "FROM scratch\nCOPY lost /\nFROM scratch AS a\nCOPY --from=0 x /\nEXPOSE x\nFROM scratch AS b\nCOPY b /"},
		{"a stage that a target needs which fails, and another", "FROM scratch AS a\nCOPY a /\nFROM a AS b\nCOPY b /\nEXPOSE x\nFROM a AS c\nCOPY c /"},
		{"a base that fails", "FROM scratch AS a\nEXPOSE x\nFROM a AS b\nFROM b AS c\nCOPY c /\nFROM scratch AS d\nCOPY d /"},
		{"a mount of a stage that fails", "FROM scratch AS a\nEXPOSE x\nFROM scratch AS b\nRUN --mount=from=a,target=/m x\nFROM scratch AS c\nCOPY c /"},
		{"a RUN without a command", "FROM scratch AS a\nCOPY a /\nRUN []\nFROM scratch AS b\nCOPY --from=a /x /\nCOPY b /\nFROM scratch AS c\nRUN --mount=type=tmpfs,source=q,target=/q,from=a x"},
		{"every target fails", "FROM scratch AS a\nFROM ${X} AS b"},
		{"a base that is no name", "FROM scratch AS a\nCOPY a /\nFROM A AS b"},
		{"a trigger that is no instruction", "FROM scratch AS a\nONBUILD COPY x\nFROM a AS b\nCOPY b /\nFROM scratch AS c\nCOPY c /"},
		{"a trigger that copies from no name", "FROM scratch AS a\nONBUILD COPY --from=X_ x /\nFROM a AS b\nCOPY b /\nFROM scratch AS c\nCOPY c /"},
		{"triggers with numbers", "FROM scratch AS a\nONBUILD COPY --from=alpine x /\nFROM scratch AS b\nONBUILD COPY --from=4 x /\nFROM a AS c\nFROM b AS d\nCOPY d /"},
		{"a stage called scratch that comes later", "FROM scratch AS a\nRUN --mount=target=/m x\nFROM a AS scratch\nEXPOSE x\nFROM busybox AS c\nCOPY c /"},
		{"the name of the target", "FROM scratch AS a\nARG TARGETSTAGE\nCOPY $TARGETSTAGE /\nFROM a AS b\nFROM a"},
		{"the name of the target in two lines", "FROM scratch AS a\nARG TARGET\\\nSTAGE\nCOPY $TARGETSTAGE /\nFROM a AS b"},
		{"ONBUILD where all is sent for one target", "FROM alpine AS a\nCOPY x /\nFROM a AS b\nCOPY . /"},
		{"ONBUILD where all is sent for both", "FROM alpine AS a\nCOPY . /\nFROM a AS b\nCOPY x /"},
		{"ONBUILD where nobody knows whether all is sent", "FROM alpine AS a\nCOPY . $X /\nFROM a AS b\nCOPY x /"},
		{"lint warnings are errors", "# check=error=true\nFROM scratch AS a\nCOPY a /\nFROM scratch as b"},
		{"two lint warnings are errors", "# check=error=true\nFrom scratch AS A\nCOPY a /\nFROM scratch as b"},
		{"one read twice", "FROM scratch AS a\nCOPY --exclude=x a ./a /"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			compareUnion(t, c.text, dockerfile.Options{})
			compareUnion(t, c.text, dockerfile.Options{Target: "nope", NamedContexts: dir("alpine")})
		})
	}
}

// TestResolveAllRandom makes up Dockerfiles of many stages.
func TestResolveAllRandom(t *testing.T) {
	t.Parallel()
	built, failing := 0, 0
	for seed := range uint64(4000) {
		text, opts := randomStages(seed)
		u := compareUnion(t, text, opts)
		if t.Failed() {
			t.Fatalf("seed %d, options %+v:\n%s", seed, opts, text)
		}
		if u != nil && u.Err != nil {
			failing++
		}
		if u != nil && u.Each != nil {
			built++
		}
	}
	if built < 1000 || failing < 500 {
		t.Errorf("%d read something and %d have a target that fails: what is made up tells nothing", built, failing)
	}
}

func compareUnion(t *testing.T, text string, opts dockerfile.Options) *dockerfile.Union {
	t.Helper()
	file, err := dockerfile.Parse("Dockerfile", []byte(text))
	if err != nil {
		return nil
	}
	got := file.ResolveAll(opts)
	message := func(err error) string { return fmt.Sprint(err) }
	if diff := cmp.Diff(oneByOne(file, opts), got, cmp.Transformer("message", message), cmp.AllowUnexported(buildcontext.Read{})); diff != "" {
		t.Errorf("one by one and all at once (-want +got):\n%s", diff)
	}
	return got
}

// randomStages makes stages that begin from, copy from and mount one another.
func randomStages(seed uint64) (string, dockerfile.Options) {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	rare := func(usual, odd string) string {
		if r.IntN(60) == 0 {
			return odd
		}
		return usual
	}
	var names []string
	other := func() string {
		if len(names) > 0 && r.IntN(4) > 0 {
			return pick(names...)
		}
		return pick("alpine", "n1", "s1", "s3", "s5", "0", "2", rare("1", "7"), rare("scratch", "8"))
	}
	source := func() string {
		return pick("a", "b/c", "*.go", "$A", "x$B", "${D:-d}", rare("e", "."), rare("f", "${Z:?}"))
	}
	instruction := func() string {
		switch r.IntN(9) {
		case 0, 1, 2:
			return "COPY " + source() + " " + source() + " /"
		case 3, 4:
			return "COPY --from=" + other() + " /x /"
		case 5:
			return "RUN --mount=target=/m,source=" + source() + rare("", ",type=tmpfs") + pick("", ",from="+other()) + pick(" x", rare(" x", " []"))
		case 6:
			return pick("ENV A=env", "ENV B=$A", "ENV A=a B=b", "WORKDIR w")
		case 7:
			return pick("ARG A=arg", "ARG B", "ARG A B=$A", rare("ARG D", "ARG TARGETSTAGE"))
		default:
			return rare("USER u", pick("EXPOSE x", "VOLUME $A", "STOPSIGNAL $B", "COPY --chmod=zz a /"))
		}
	}
	lines := []string{rare("ARG A=global", "# check=error=true")}
	for i := range 2 + r.IntN(9) {
		from := "FROM " + pick("scratch", "alpine", "n1", other(), other(), other(), rare("scratch", "A-"))
		if r.IntN(4) > 0 {
			name := rare(fmt.Sprint("s", i), pick("scratch", "n1", "s0", "s1"))
			names = append(names, name)
			from += " AS " + name
		}
		lines = append(lines, from)
		for range r.IntN(4) {
			lines = append(lines, pick("", "", "", "ONBUILD ")+instruction())
		}
	}
	opts := dockerfile.Options{BuildArgs: map[string]string{}, NamedContexts: map[string]string{}}
	if r.IntN(3) == 0 {
		opts.BuildArgs[pick("A", "B", "TARGETSTAGE")] = pick("given", ".", "$B")
	}
	if r.IntN(2) == 0 {
		opts.NamedContexts[pick("n1", "alpine", "s1")] = pick("../dir", "docker-image://busybox", "https://example.com/x.tar")
	}
	return strings.Join(lines, "\n"), opts
}
