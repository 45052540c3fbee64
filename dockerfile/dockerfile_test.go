package dockerfile_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
)

// dir is a named context that is a directory.
func dir(names ...string) map[string]string {
	m := map[string]string{}
	for _, n := range names {
		m[n] = "../" + n
	}
	return m
}

func args(kv ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = kv[i+1]
	}
	return m
}

const stages = `FROM scratch AS base
COPY a.txt /

FROM base AS build
COPY src /src

FROM scratch AS docs
COPY docs /d

FROM scratch
COPY --from=build /src /s
COPY b.txt /
`

// reads is the table of what builds ask of the main context: "-" for nothing at
// all, "all" for no list, else the list. Rows with a dash in the name are cases of
// the same name in the conformance suite.
var reads = []struct {
	name string
	text string
	opts dockerfile.Options
	want string
}{
	// What COPY and ADD ask for.
	{name: "sc-nothing", text: "LABEL a=b", want: "-"},
	{name: "sc-file", text: "COPY a.txt /", want: "a.txt"},
	{name: "sc-two", text: "COPY a.txt /\nCOPY b.txt /x", want: "a.txt b.txt"},
	{name: "sc-dir", text: "COPY src /s", want: "src"},
	{name: "sc-dot-src", text: "COPY ./src /s", want: "src"},
	{name: "sc-abs-src", text: "COPY /src /s", want: "src"},
	{name: "sc-dot", text: "COPY . /", want: "all"},
	{name: "sc-dotdot", text: "COPY .. /", want: "all"},
	{name: "sc-dotdot-file", text: "COPY ../a.txt /", want: "a.txt"},
	{name: "sc-dir-dotdot", text: "COPY src/.. /", want: "all"},
	{name: "sc-sub", text: "COPY src/lib/n.go /", want: "src/lib/n.go"},
	{name: "sc-wild-dir", text: "COPY src/*.go /", want: "src/*.go"},
	{name: "sc-wild-class", text: "COPY [a].txt /", want: "[a].txt"},
	{name: "sc-add", text: "ADD a.txt /", want: "a.txt"},
	{name: "sc-heredoc", text: "COPY <<EOF /x\nhi\nEOF", want: "-"},
	{name: "sc-json", text: `COPY ["a.txt", "b.txt", "/x/"]`, want: "a.txt b.txt"},
	{name: "sc-exclude", text: "COPY --exclude=*.go src /s", want: "src"},
	{name: "sc-parents", text: "COPY --parents src/lib/n.go /", want: "src/lib/n.go"},
	{name: "parents with a pivot", text: "COPY --parents src/./lib/n.go /", want: "src/lib/n.go"},
	{name: "sc-parents-ss", text: "COPY --parents **/*.go /", want: "**/*.go"},
	{name: "sc-env", text: "ENV D=src\nCOPY $D /s", want: "src"},
	{name: "sc-env-empty", text: "ENV D=\nCOPY ./$D /s", want: "all"},
	{name: "sc-env-undef", text: "COPY /$NOPE /s", want: "all"},
	{name: "sc-arg", text: "ARG D=src\nCOPY $D /s", want: "src"},
	{name: "sc-arg-given", text: "ARG D=src\nCOPY $D /s", opts: dockerfile.Options{BuildArgs: args("D", "docs")}, want: "docs"},
	{name: "sc-link", text: "COPY --link src /s", want: "src"},
	{name: "sc-dup", text: "COPY a.txt /\nCOPY a.txt /b\nCOPY ./a.txt /c", want: "a.txt"},
	{name: "sc-escape", text: `COPY \[x\].txt /`, want: "[x].txt"},
	{name: "sc-wild-literal-star", text: `COPY ["star\\*", "/"]`, want: "star*"},
	{name: "sc-bang-name", text: "COPY !x /", want: "!x"},
	{name: "sc-space-name", text: `COPY [" lead", "/"]`, want: " lead"},
	{name: "sorted as bytes", text: "COPY b /\nCOPY a/b /\nCOPY a-b /", want: "a-b a/b b"},

	// Remote sources.
	{name: "url", text: "ADD https://example.com/a.tgz /", want: "-"},
	{name: "git over https", text: "ADD https://example.com/a.git#main /\nADD x /", want: "x"},
	{name: "git by ssh adds a path", text: "ADD git@github.com:a/b.git /\nADD x /", want: "git@github.com:a/b.git x"},
	{name: "git alone", text: "ADD git@github.com:a/b.git /", want: "-"},
	{name: "what looks like a repository", text: "COPY github.com/a/b /", want: "github.com/a/b"},

	// Variables.
	{name: "argument without ARG", text: "COPY /$D /s", opts: dockerfile.Options{BuildArgs: args("D", "docs")}, want: "all"},
	{name: "proxy argument without ARG", text: "COPY x$HTTP_PROXY /s", opts: dockerfile.Options{BuildArgs: args("HTTP_PROXY", "p")}, want: "x"},
	{name: "global argument", text: "ARG D=src\nFROM scratch\nCOPY x$D /", want: "x"},
	{name: "global argument, declared again", text: "ARG D=src\nFROM scratch\nARG D\nCOPY $D /", want: "src"},
	{name: "argument of arguments", text: "ARG A=x B=${A}y\nFROM scratch\nARG B\nCOPY $B /", want: "xy"},
	{name: "ENV beats the argument", text: "ENV D=src\nARG D=docs\nCOPY $D /", want: "docs"},
	{name: "ARG reaches the child", text: "FROM scratch AS a\nARG D=src\nFROM a\nCOPY $D /", want: "src"},
	{name: "ENV of the parent beats its ARG in the child", text: "FROM scratch AS a\nENV D=env\nARG D=arg\nCOPY $D /a\nFROM a\nCOPY $D /b", want: "arg env"},
	{name: "default", text: "COPY ${D:-docs} ${E:+x}y /", want: "docs y"},
	{name: "quotes", text: `COPY '$D' "a"b /`, want: "$D ab"},
	{name: "platform needs ARG", text: "COPY bin/$TARGETARCH /\nARG TARGETARCH\nCOPY bin/$TARGETARCH /x", opts: dockerfile.Options{Platform: "linux/arm64"}, want: "bin bin/arm64"},
	{name: "variant", text: "ARG TARGETPLATFORM\nCOPY $TARGETPLATFORM /", opts: dockerfile.Options{Platform: "linux/arm/v7,linux/amd64"}, want: "linux/arm/v7"},
	{name: "target stage", text: "ARG TARGETSTAGE\nCOPY $TARGETSTAGE /", want: "default"},
	{name: "here-document", text: "ENV D=src\nCOPY <<EOF a /\n$D\nEOF", want: "a"},
	{name: "epoch", text: "ARG SOURCE_DATE_EPOCH\nCOPY $SOURCE_DATE_EPOCH /", opts: dockerfile.Options{BuildArgs: args("SOURCE_DATE_EPOCH", "007")}, want: "7"},

	// Stages.
	{name: "st-build", text: stages, opts: dockerfile.Options{Target: "build"}, want: "a.txt src"},
	{name: "st-upper", text: stages, opts: dockerfile.Options{Target: "DOCS"}, want: "docs"},
	{name: "last stage", text: stages, want: "a.txt b.txt src"},
	{name: "st-only-from", text: "FROM scratch AS a\nCOPY src /s\nFROM scratch\nCOPY --from=a /s /t", want: "src"},
	{name: "stage by number", text: "FROM scratch\nCOPY src /s\nFROM scratch\nCOPY d /\nFROM scratch\nCOPY --from=0 /s /t", want: "src"},
	{name: "a mount takes no number", text: "FROM scratch\nCOPY src /s\nFROM scratch\nRUN --mount=from=0,target=/m x", want: "-"},
	{name: "a mount ignores case", text: "FROM scratch AS a\nCOPY src /s\nFROM scratch\nRUN --mount=from=A,target=/m x", want: "src"},
	{name: "FROM does not", text: "FROM scratch AS alpine\nCOPY src /s\nFROM docker.io/library/alpine\nCOPY x /", want: "x"},
	{name: "the later of two names", text: "FROM scratch AS a\nCOPY a /\nFROM scratch AS a\nCOPY b /\nFROM a", want: "b"},
	{name: "a stage called scratch", text: "FROM busybox AS scratch\nCOPY a /\nFROM scratch\nCOPY b /", want: "a b"},
	{name: "a stage called scratch, behind a mount", text: "FROM busybox AS scratch\nCOPY a /\nFROM busybox\nCOPY b /\nRUN --mount=type=cache,target=/m x", want: "a b"},
	{name: "a stage behind a tmpfs widens only", text: "FROM scratch AS a\nCOPY a /\nFROM scratch\nRUN --mount=type=tmpfs,from=a,target=/m x", want: "-"},
	{name: "only a here-document from a stage", text: "FROM scratch AS a\nCOPY a /\nFROM scratch\nCOPY --from=a <<EOF /x\nEOF", want: "-"},
	{name: "st-onbuild", text: "FROM scratch AS a\nCOPY a.txt /\nONBUILD COPY docs/r.md /\nFROM a\nCOPY b.txt /", want: "a.txt b.txt docs/r.md"},
	{name: "ONBUILD not in its own stage", text: "ONBUILD COPY a /", want: "-"},
	{name: "ONBUILD reaches one level", text: "FROM scratch AS a\nONBUILD ARG D=x\nONBUILD COPY $D /\nFROM a AS b\nFROM b\nCOPY y /", want: "x y"},
	{name: "ONBUILD twice", text: "FROM scratch AS a\nONBUILD COPY x$D /\nFROM a AS b\nENV D=1\nFROM a\nENV D=2\nCOPY --from=b / /", want: "x"},
	{name: "ONBUILD brings in a stage", text: "FROM scratch AS x\nCOPY x /\nFROM scratch AS a\nONBUILD COPY --from=x / /\nFROM a", want: "x"},
	{name: "escape directive", text: "# escape=`\nFROM scratch\nCOPY a.txt `\n  /", want: "a.txt"},

	// Mounts.
	{name: "rm-bind", text: `COPY a.txt /` + "\n" + `RUN --mount=type=bind,source=src,target=/m ["/x"]`, want: "a.txt src"},
	{name: "rm-bind-nosrc", text: `RUN --mount=target=/m ["/x"]`, want: "all"},
	{name: "rm-tmpfs", text: "COPY a.txt /\n" + `RUN --mount=type=tmpfs,target=/tmp ["/x"]`, want: "all"},
	{name: "tmpfs with a source", text: "COPY a.txt /\n" + `RUN --mount=type=tmpfs,source=q,target=/tmp ["/x"]`, want: "a.txt q"},
	{name: "rm-cache", text: "COPY a.txt /\n" + `RUN --mount=type=cache,target=/c ["/x"]`, want: "a.txt"},
	{name: "rm-secret", text: "COPY a.txt /\n" + `RUN --mount=type=secret,id=x,target=/s ["/x"]`, want: "a.txt"},
	{name: "rm-ssh", text: "COPY a.txt /\n" + `RUN --mount=type=ssh ["/x"]`, want: "a.txt"},
	{name: "rm-tmpfs-only", text: "COPY <<EOF /x\nhi\nEOF\n" + `RUN --mount=type=tmpfs,target=/tmp ["/x"]`, want: "-"},
	{name: "rm-bind-env", text: "ENV D=docs\n" + `RUN --mount=type=bind,source=$D,target=/m ["/x"]`, want: "docs"},
	{name: "type from a variable", text: "ENV T=tmpfs\n" + `RUN --mount=type=$T,source=q,target=/m ["/x"]`, want: "-"},
	{name: "relative target", text: "WORKDIR /w\n" + `RUN --mount=source=q,target=. ["/x"]`, want: "q"},

	// Named contexts in place of stages and images.
	{name: "nc-base", text: "FROM base\nCOPY a.txt /", opts: dockerfile.Options{NamedContexts: dir("base")}, want: "a.txt"},
	{name: "nc-unused", text: "COPY a.txt /", opts: dockerfile.Options{NamedContexts: dir("other")}, want: "a.txt"},
	{name: "nc-stage", text: "FROM scratch AS dep\nCOPY big.bin /\nFROM scratch\nCOPY --from=dep k.txt /", opts: dockerfile.Options{NamedContexts: dir("dep")}, want: "-"},
	{name: "a replaced stage still asks for its stages", text: "FROM scratch AS x\nCOPY x /\nFROM scratch AS dep\nCOPY --from=x / /\nFROM dep\nCOPY y /", opts: dockerfile.Options{NamedContexts: dir("dep")}, want: "x y"},
	{name: "and hands on its triggers", text: "FROM scratch AS dep\nONBUILD COPY x /\nFROM dep", opts: dockerfile.Options{NamedContexts: dir("dep")}, want: "x"},

	// The Dockerfile itself.
	{name: "df-escape", text: "# escape=`\nFROM scratch\nCOPY a.txt `\n  /\n", want: "a.txt"},
	{name: "byte order mark and CRLF", text: "\ufeffFROM scratch\r\nCOPY a.txt /\r\n", want: "a.txt"},
	{name: "comment between", text: "COPY a.txt \\\n# b\n  c.txt /", want: "a.txt c.txt"},
	{name: "check comment", text: "FROM scratch\n# check=skip=all\nCOPY a.txt /", want: "a.txt"},
	{name: "lint warnings are no errors", text: "FROM scratch AS a\nMAINTAINER me\nCMD a\nCMD b\nCopy a.txt /", want: "a.txt"},
	{name: "unreachable mistakes are none", text: "FROM scratch AS a\nCOPY --from=b x /\nFROM scratch AS b\nSTOPSIGNAL nope\nFROM scratch\nCOPY x /", want: "x"},
}

// whole puts a FROM in front where there is none.
func whole(text string) string {
	if strings.Contains(text, "FROM") {
		return text
	}
	return "FROM scratch\n" + text + "\n"
}

func resolve(t *testing.T, text string, opts dockerfile.Options) (*dockerfile.Result, error) {
	t.Helper()
	f, err := dockerfile.Parse("Dockerfile", []byte(text))
	if err != nil {
		return nil, err
	}
	return f.Resolve(opts)
}

func show(r buildcontext.Reads) string {
	switch {
	case !r.Used:
		return "-"
	case r.Whole:
		return "all"
	}
	return strings.Join(r.Paths, " ")
}

func TestReads(t *testing.T) {
	t.Parallel()
	for _, tt := range reads {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := resolve(t, whole(tt.text), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(res.Context); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if len(res.Context.Paths) > 0 && !slices.IsSorted(res.Context.Paths) {
				t.Errorf("not sorted: %q", res.Context.Paths)
			}
		})
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		target     string
		contexts   map[string]string
		want       string
	}{
		{name: "unused", text: "COPY a /", contexts: dir("n"), want: ""},
		{name: "base of the target is whole", text: "FROM n\nCOPY a.txt /", contexts: dir("n"), want: "n: all"},
		{name: "one path", text: "COPY --from=n /a/b /", contexts: dir("n"), want: "n: a/b"},
		{name: "each COPY loads on its own", text: "COPY --from=n b a /\nCOPY --from=n c /", contexts: dir("n"), want: "n: a b; c"},
		{name: "equal requests are one", text: "COPY --from=n a /\nCOPY --from=n ./a /c", contexts: dir("n"), want: "n: a"},
		{name: "a replaced stage loads once", text: "FROM x AS n\nFROM scratch\nCOPY --from=n a /\nCOPY --from=n b /", contexts: dir("n"), want: "n: a b"},
		{name: "a stage on it shares its list", text: "FROM n AS s\nFROM scratch\nCOPY --from=s a /", contexts: dir("n"), want: "n: a"},
		{name: "RUN reads anything", text: "FROM n AS s\nRUN x\nFROM scratch\nCOPY --from=s a /", contexts: dir("n"), want: "n: all"},
		{name: "mount", text: "RUN --mount=from=n,source=q,target=/m x", contexts: dir("n"), want: "n: q"},
		{name: "tmpfs fetches the ignore file only", text: "RUN --mount=type=tmpfs,from=n,source=q,target=/m x", contexts: dir("n"), want: "n:"},
		{name: "names are normalized", text: "FROM docker.io/library/alpine\nCOPY --from=n:latest a /", contexts: dir("alpine:latest", "n"), want: "alpine:latest: all\nn: a"},
		{name: "another tag", text: "FROM alpine:3", contexts: dir("alpine"), want: ""},
		{name: "upper case is a stage, never a context", text: "FROM x AS n\nFROM scratch\nCOPY --from=N a /", contexts: dir("n"), want: "n: a"},
		{name: "scratch cannot be replaced", text: "COPY --from=scratch a /", contexts: dir("scratch"), want: ""},
		{name: "but scratch:latest can", text: "COPY --from=scratch:latest a /", contexts: dir("scratch"), want: "scratch: a"},
		{name: "an image", text: "FROM n\nCOPY --from=m a /", contexts: args("n", "docker-image://busybox", "m", "git@github.com:a/b"), want: ""},
		{
			name: "settled as an image before a trigger needed it", contexts: dir("n"), want: "",
			text: "FROM scratch AS x\nCOPY --from=n a /\nFROM scratch AS base\nONBUILD COPY --from=x / /\nFROM base",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := resolve(t, whole(tt.text), dockerfile.Options{Target: tt.target, NamedContexts: tt.contexts})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for name, transfers := range res.Named {
				var each []string
				for _, r := range transfers {
					each = append(each, show(r))
				}
				got = append(got, strings.TrimSpace(name+": "+strings.Join(each, "; ")))
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		opts       dockerfile.Options
		want       string
	}{
		{name: "df-empty", text: "", want: "Dockerfile: the Dockerfile cannot be empty"},
		{name: "blank", text: "\n\n", want: "file with no instructions"},
		{name: "df-no-from", text: "COPY a.txt /\n", want: "Dockerfile:1: no build stage in current context"},
		{name: "only ARG", text: "ARG A=1\n", want: "dockerfile contains no stages to build"},
		{name: "instruction", text: "FROM scratch\n\nCOPPY a b\n", want: "Dockerfile:3: unknown instruction: COPPY (did you mean COPY?)"},
		{name: "flag", text: "FROM scratch\nCOPY --frm=a b c\n", want: "Dockerfile:2: unknown flag: --frm (did you mean from?)"},
		{name: "one argument", text: "FROM scratch\nCOPY a\n", want: "Dockerfile:2: COPY requires at least two arguments"},
		{name: "in an unreachable stage", text: "FROM scratch\nCOPY a\nFROM scratch\n", want: "Dockerfile:2: COPY requires"},
		{name: "two directives", text: "# escape=\\\n# escape=`\nFROM scratch\n", want: "only one escape parser directive can be used"},
		{name: "target", text: stages, opts: dockerfile.Options{Target: "biuld"}, want: `Dockerfile: target stage "biuld" could not be found (did you mean build?)`},
		{name: "target number", text: stages, opts: dockerfile.Options{Target: "0"}, want: `target stage "0" could not be found (there are base, build, docs)`},
		{name: "later stage", text: "FROM scratch AS a\nCOPY --from=b x /\nFROM scratch AS b\nFROM a\n", want: `Dockerfile:2: cannot copy from stage "b", it needs to be defined before current stage "a"`},
		{name: "circle", text: "FROM scratch AS a\nCOPY --from=a x /\n", want: "circular dependency detected on stage: a"},
		{name: "no such number", text: "FROM scratch\nCOPY --from=7 x /\n", want: "Dockerfile:2: invalid stage index 7"},
		{name: "variable in from", text: "FROM scratch\nCOPY --from=$A x /\n", want: "Dockerfile:2: variable expansion is not supported for --from"},
		{name: "variable in a mount's from", text: "FROM scratch\nRUN --mount=from=$A,target=/m x\n", want: "'from' doesn't support variable expansion"},
		{name: "FROM in upper case", text: "FROM scratch AS base\nFROM BASE\n", want: "Dockerfile:2: failed to parse stage name \"BASE\""},
		{name: "unreachable base", text: "FROM Upper\nFROM scratch\nCOPY a /\n", want: `Dockerfile:1: failed to parse stage name "Upper"`},
		{name: "blank base", text: "FROM $A\n", want: "Dockerfile:1: base name ($A) should not be blank"},
		{name: "stage name that is no reference", text: "FROM scratch AS a-\n", want: "invalid context name a-"},
		{name: "context name", text: "FROM scratch\n", opts: dockerfile.Options{NamedContexts: dir("Upper")}, want: "invalid context name Upper"},
		{name: "URL in COPY", text: "FROM scratch\nCOPY https://example.com/a /\n", want: "Dockerfile:2: source can't be a URL for COPY"},
		{name: "git in COPY", text: "FROM scratch\nCOPY git@github.com:a/b /\n", want: "source can't be a git ref for COPY"},
		{name: "required variable", text: "FROM scratch\nCOPY ${A:?none} /\n", want: "A: none"},
		{name: "mount on the root", text: "FROM scratch\nRUN --mount=target=. x\n", want: `Dockerfile:2: invalid mount target "/"`},
		{name: "nothing to run", text: "FROM scratch\nRUN []\n", want: "Dockerfile:2: arguments are required"},
		{name: "trigger", text: "FROM scratch AS a\nONBUILD COPY a\nFROM a\n", want: "Dockerfile:3: COPY requires at least two"},
		{name: "signal", text: "FROM scratch\nSTOPSIGNAL FOO\n", want: "invalid signal: FOO"},
		{name: "port", text: "FROM scratch\nEXPOSE 80/x\n", want: `invalid port: "80/x": invalid proto: x`},
		{name: "volume", text: "FROM scratch\nVOLUME $A\n", want: "Dockerfile:2: VOLUME specified can not be an empty string"},
		{name: "owner with link", text: "FROM scratch\nCOPY --link --chown=me a /\n", want: "--chown=me: user and group names can't be resolved"},
		{name: "mode", text: "FROM scratch\nCOPY --chmod=99999 a /\n", want: "invalid chmod parameter"},
		{name: "platform", text: "FROM --platform=a/b/c/d scratch\n", want: "failed to parse platform a/b/c/d"},
		{name: "target platform", text: "FROM scratch\n", opts: dockerfile.Options{Platform: "bogus"}, want: "failed to parse target platform bogus"},
		{name: "epoch", text: "FROM scratch\n", opts: dockerfile.Options{BuildArgs: args("SOURCE_DATE_EPOCH", "x")}, want: "invalid SOURCE_DATE_EPOCH: x"},
		{name: "check", text: "# check=nope\nFROM scratch\n", want: "invalid check option"},
		{name: "another front end", text: "# syntax=example.com/front\nFORM scratch\n", want: `unknown instruction: FORM (did you mean FROM?) (the front end "example.com/front" of line 1 may read it otherwise)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := resolve(t, tt.text, tt.opts)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			var e *dockerfile.Error
			if !errors.As(err, &e) || e.File != "Dockerfile" {
				t.Errorf("%T is no *Error of the file", err)
			}
		})
	}
}

// TestBaseArgs wants an error about an image to name the build arguments that
// would mend it.
func TestBaseArgs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		opts       dockerfile.Options
		want       []string
	}{
		{name: "no value", text: "ARG A\nFROM $A\n", want: []string{"A"}},
		{name: "a part of the name", text: "ARG TAG\nARG SHA\nFROM a:${TAG}@sha256:${SHA}\n", want: []string{"SHA", "TAG"}},
		{name: "a value that is no image", text: "ARG A=Upper\nFROM $A\n", want: []string{"A"}},
		{name: "one of two is given", text: "ARG TAG\nARG SHA\nFROM a:${TAG}@sha256:${SHA}\n", opts: dockerfile.Options{BuildArgs: args("TAG", "1")}, want: []string{"SHA"}},
		{name: "not declared", text: "FROM $A\n"},
		{name: "given", text: "ARG A\nFROM $A\n", opts: dockerfile.Options{BuildArgs: args("A", "Upper")}},
		{name: "another line", text: "ARG A\nFROM a\nCOPPY $A /\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := resolve(t, tt.text, tt.opts)
			e, ok := errors.AsType[*dockerfile.Error](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, e.Args); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		opts       dockerfile.Options
		want       []string
	}{
		{name: "nothing", text: "FROM scratch\nCOPY $A b /\n"},
		{name: "image", text: "FROM golang:1\nCOPY a /\n", want: []string{"base-onbuild:1"}},
		{name: "all is sent", text: "FROM golang:1\nCOPY . /\n"},
		{name: "all is sent, but there is another", text: "FROM golang:1\nCOPY . /\n", opts: dockerfile.Options{NamedContexts: dir("n")}, want: []string{"base-onbuild:1"}},
		{name: "all, but in a stage that is not built", text: "FROM golang:1 AS a\nCOPY . /\nFROM golang:1\nCOPY a /\n", want: []string{"base-onbuild:3"}},
		{name: "variable of the image", text: "FROM golang:1\nCOPY x$A /\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "variable of the stage", text: "FROM golang:1\nENV A=a\nARG B=b\nCOPY x$A$B /\n", want: []string{"base-onbuild:1"}},
		{name: "by way of another", text: "FROM golang:1\nENV A=$GOPATH/x\nCOPY x$A /\n", want: []string{"base-onbuild:1", "base-env:3"}},
		{name: "ARG without a value", text: "FROM golang:1\nARG A\nCOPY x$A /\n", want: []string{"base-onbuild:1", "base-env:3"}},
		{name: "ARG with one", text: "FROM golang:1\nARG A\nCOPY x$A /\n", opts: dockerfile.Options{BuildArgs: args("A", "a")}, want: []string{"base-onbuild:1"}},
		{name: "ARG of a parent", text: "FROM golang:1 AS a\nARG A=a\nFROM a\nCOPY x$A /\n", want: []string{"base-onbuild:1", "base-env:4"}},
		{name: "PATH", text: "FROM golang:1\nCOPY x$PATH /\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "must be set", text: "FROM golang:1\nWORKDIR ${A:?}\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "volume", text: "FROM golang:1\nVOLUME $A\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "signal", text: "FROM golang:1\nSTOPSIGNAL $A\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "mode", text: "FROM golang:1\nCOPY --chmod=9$A a /\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "mount source", text: "FROM golang:1\nRUN --mount=source=$A,target=/m x\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "mount target", text: "FROM golang:1\nRUN --mount=source=a,target=/m$A x\n", want: []string{"base-onbuild:1"}},
		{name: "all is sent, unless the image says otherwise", text: "FROM golang:1\nCOPY ./$A /\n", want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "working directory", text: "FROM golang:1\nRUN --mount=target=. x\n", want: []string{"base-workdir:2"}},
		{name: "own working directory", text: "FROM golang:1\nWORKDIR /src\nRUN --mount=target=. x\n"},
		{name: "unreachable", text: "FROM golang:1\nCOPY x$A /\nFROM scratch\n"},
		{name: "image to copy from", text: "FROM scratch\nCOPY --from=golang /x /\n"},
		{name: "context in place of the image", text: "FROM golang\nCOPY x$A /\n", opts: dockerfile.Options{NamedContexts: dir("golang")}},
		{name: "image as context", text: "FROM n\nCOPY x$A /\n", opts: dockerfile.Options{NamedContexts: args("n", "docker-image://golang")}, want: []string{"base-onbuild:1", "base-env:2"}},
		{name: "official front end", text: "# syntax=docker/dockerfile:1.7-labs\nFROM scratch\n"},
		{name: "with its digest", text: "# syntax=docker.io/docker/dockerfile:1@sha256:00\nFROM scratch\n"},
		{name: "another front end", text: "# syntax=docker/dockerfile-upstream:master\nFROM scratch\n", want: []string{"syntax:1"}},
		{name: "front end by argument", text: "FROM scratch\n", opts: dockerfile.Options{BuildArgs: args("BUILDKIT_SYNTAX", "x")}, want: []string{"syntax:0"}},
		{name: "check", text: "# check=error=true\nFROM scratch\n", want: []string{"check:0"}},
		{name: "entitlement", text: "FROM scratch\nRUN --security=insecure x\nRUN --network=host x\n", want: []string{"entitlement:2", "entitlement:3"}},
		{name: "once", text: "FROM scratch\nRUN --device=a,required --device=b,required x\n", want: []string{"entitlement:2"}},
		{name: "in the order of the lines", text: "FROM golang:1 AS a\nONBUILD COPY x$A /\nFROM golang:1 AS b\nCOPY y$B /\nFROM a\nCOPY --from=b z /\n", want: []string{"base-onbuild:1", "base-env:2", "base-onbuild:3", "base-env:4"}},
		{name: "epoch", text: "FROM scratch\n", opts: dockerfile.Options{BuildArgs: args("SOURCE_DATE_EPOCH", "context")}, want: []string{"epoch:0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := resolve(t, tt.text, tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range res.Unknown {
				got = append(got, fmt.Sprintf("%s:%d", u.Kind, u.Line))
				if u.Message == "" || strings.HasSuffix(u.Message, ".") {
					t.Errorf("message %q", u.Message)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEach(t *testing.T) {
	t.Parallel()
	res, err := resolve(t, `FROM scratch AS base
ONBUILD COPY on /
FROM base AS app
ENV D=src
COPY --exclude=*.md \
  $D/*.go ../a /
ADD git@github.com:a/b.git /
FROM app
RUN --mount=source=$D,target=/m --mount=type=tmpfs,target=/t x
`, dockerfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []buildcontext.Read{
		{Path: "/on", Source: "on", Keyword: "COPY", Text: "ONBUILD COPY on /", Line: 2, Stage: "app", Uses: true},
		{Path: "/src/*.go", Source: "$D/*.go", Keyword: "COPY", Text: "COPY --exclude=*.md   $D/*.go ../a /", Line: 5, Stage: "app", Uses: true, Wildcard: true, Exclude: []string{"*.md"}},
		{Path: "/a", Source: "../a", Keyword: "COPY", Text: "COPY --exclude=*.md   $D/*.go ../a /", Line: 5, Stage: "app", Uses: true, Exclude: []string{"*.md"}},
		{Path: "/git@github.com:a/b.git", Source: "git@github.com:a/b.git", Keyword: "ADD", Text: "ADD git@github.com:a/b.git /", Line: 7, Stage: "app"},
		{Path: "/src", Source: "$D", Keyword: "RUN", Text: "RUN --mount=source=$D,target=/m --mount=type=tmpfs,target=/t x", Line: 9, Stage: "2", Mount: "bind", Uses: true},
		{Path: "/", Keyword: "RUN", Text: "RUN --mount=source=$D,target=/m --mount=type=tmpfs,target=/t x", Line: 9, Stage: "2", Mount: "tmpfs"},
	}
	if diff := cmp.Diff(want, res.Context.Each); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	if !res.Context.Used || !res.Context.Whole {
		t.Errorf("used %t, whole %t", res.Context.Used, res.Context.Whole)
	}
	stages := []dockerfile.Stage{
		{Name: "base", Index: 0, Base: "scratch", Line: 1},
		{Name: "app", Index: 1, Base: "base", Line: 3},
		{Name: "2", Index: 2, Base: "app", Line: 8},
	}
	if diff := cmp.Diff(stages, res.Stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
}

func TestNamedEach(t *testing.T) {
	t.Parallel()
	res, err := resolve(t, "FROM x AS n\nCOPY never /\nFROM n\n", dockerfile.Options{NamedContexts: dir("n")})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]buildcontext.Reads{"n": {{Used: true, Whole: true, Each: []buildcontext.Read{
		{Path: "/", Keyword: "FROM", Text: "FROM n", Line: 3, Stage: "1", Uses: true},
	}}}}
	if diff := cmp.Diff(want, res.Named); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if res.Stages[0].Replaced != "n" || res.Stages[1].Replaced != "" {
		t.Errorf("stages %+v", res.Stages)
	}
}

func TestInstructions(t *testing.T) {
	t.Parallel()
	f, err := dockerfile.Parse("Dockerfile", []byte("# syntax=docker/dockerfile:1\nFROM scratch AS A\nRun <<EOF\ngit status\nEOF\nONBUILD COPY a \\\n b\nFROM a\nCOPY x y\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []dockerfile.Instruction{
		{Keyword: "RUN", Text: "Run <<EOF", Body: "git status\n", Line: 3, EndLine: 5, Stage: "a"},
		{Keyword: "ONBUILD", Text: "ONBUILD COPY a  b", Line: 6, EndLine: 7, Stage: "a"},
		{Keyword: "COPY", Text: "COPY x y", Line: 9, EndLine: 9, Stage: "1", Index: 1},
	}
	if diff := cmp.Diff(want, f.Instructions()); diff != "" {
		t.Errorf("instructions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", ""}, f.Targets()); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if f.Syntax() != "docker/dockerfile:1" {
		t.Errorf("syntax %q", f.Syntax())
	}
}

func TestLocalContext(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"../dir": true, ".": true, "/abs": true, `C:\dir`: true, "a@b": true,
		"docker-image://alpine": false, "oci-layout:///x:y": false, "target:base": false,
		"https://example.com/x.tar": false, "git@github.com:a/b.git": false, "github.com/a/b": false, "git://h/p": false,
		"./github.com/a": true,
	} {
		if got := dockerfile.LocalContext(value); got != want {
			t.Errorf("LocalContext(%q) = %t, want %t", value, got, want)
		}
	}
}

// TestConcurrent resolves one file for many targets at once: expansion works in
// place on instructions, which therefore may not be shared.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	f, err := dockerfile.Parse("Dockerfile", []byte("FROM scratch AS a\nARG D\nCOPY x$D /\nFROM a\nCOPY y$D /\n"))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			d := fmt.Sprint(i)
			res, err := f.Resolve(dockerfile.Options{BuildArgs: args("D", d)})
			if err != nil {
				t.Error(err)
			} else if got := show(res.Context); got != "x"+d+" y"+d {
				t.Errorf("%s: %s", d, got)
			}
		})
	}
	wg.Wait()
}

// FuzzParse finds nothing that panics, and nothing that is resolved in two ways.
func FuzzParse(f *testing.F) {
	for _, tt := range reads {
		f.Add([]byte(whole(tt.text)), tt.opts.Target, "D", "docs")
	}
	f.Add([]byte(stages), "build", "", "")
	f.Fuzz(func(t *testing.T, data []byte, target, key, value string) {
		file, err := dockerfile.Parse("Dockerfile", data)
		if err != nil {
			if file != nil {
				t.Error("a file and an error")
			}
			return
		}
		opts := dockerfile.Options{Target: target, BuildArgs: args(key, value), NamedContexts: dir("n")}
		first, err1 := file.Resolve(opts)
		second, err2 := file.Resolve(opts)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%v, then %v", err1, err2)
		}
		if err1 != nil {
			return
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("resolved in two ways:\n%s", diff)
		}
		for _, p := range first.Context.Paths {
			if strings.HasPrefix(p, "/") || first.Context.Whole {
				t.Errorf("path %q, whole %t", p, first.Context.Whole)
			}
		}
	})
}

func ExampleFile_Resolve() {
	file, err := dockerfile.Parse("Dockerfile", []byte(`FROM golang:1 AS build
ARG TARGETARCH
COPY go.mod go.sum ./
COPY cmd/$TARGETARCH cmd

FROM scratch
COPY --from=build /out /
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := file.Resolve(dockerfile.Options{Platform: "linux/arm64"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, read := range res.Context.Each {
		fmt.Printf("line %d asks for %s\n", read.Line, read.Path)
	}
	// Output:
	// line 3 asks for /go.mod
	// line 3 asks for /go.sum
	// line 4 asks for /cmd/arm64
}
