package dockerfiles

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// build is one random build.
type build struct {
	dockerfile string
	target     string
	platform   string
	args       map[string]string
	contexts   map[string]string
}

func (b *build) String() string {
	return fmt.Sprintf("target %q platform %q args %v contexts %v\n%s", b.target, b.platform, b.args, b.contexts, b.dockerfile)
}

// frontendOptions is what buildx makes of the build.
func (b *build) frontendOptions() map[string]string {
	opts := map[string]string{}
	if b.target != "" {
		opts["target"] = b.target
	}
	if b.platform != "" {
		opts["platform"] = b.platform
	}
	for k, v := range b.args {
		opts["build-arg:"+k] = v
	}
	for k, v := range b.contexts {
		if !strings.Contains(v, ":") {
			v = "local:" + k
		}
		opts["context:"+k] = v
	}
	return opts
}

// maker makes up builds out of what has surprised somebody.
type maker struct {
	*rand.Rand
	esc     string
	oddness int      // percentage
	names   []string // of the stages so far
}

func pick[T any](m *maker, list ...T) T { return list[m.IntN(len(list))] }

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func makeBuild(seed uint64) *build {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), esc: `\`}
	b := &build{args: map[string]string{}, contexts: map[string]string{}}
	m.oddness = pick(m, 0, 2, 2, 5, 10, 40)
	var lines []string
	if m.chance(8) {
		m.esc = pick(m, "`", `\`)
		lines = append(lines, "# escape="+m.esc)
	}
	if m.chance(4) {
		lines = append(lines, m.odd([]string{"# check=skip=all", "# check=error=false;skip=JSONArgsRecommended", "# comment"}, []string{"# check=nonsense", "# escape=x", "#escape=\\", "# check=error=true"}))
	}
	for range m.IntN(3) {
		lines = append(lines, m.globalArg())
	}
	for i := range 1 + m.IntN(4) + m.IntN(3) {
		lines = append(lines, m.from(i))
		for range m.IntN(5) {
			lines = append(lines, m.instruction())
		}
	}
	b.dockerfile = strings.Join(lines, "\n") + pick(m, "\n", "\n", "", "\n\n")
	if m.chance(5) {
		b.dockerfile = strings.ReplaceAll(b.dockerfile, "\n", "\r\n")
	}
	if m.chance(m.oddness / 2) {
		b.dockerfile = m.damage(b.dockerfile)
	}
	if m.chance(30) {
		b.target = m.odd([]string{"s0", "s1", "S1", "s2", "s3"}, []string{"a", "b", "A", "0", "1", "scratch", "nope", "stage-0", "s-2"})
		if len(m.names) > 0 && m.chance(80) {
			b.target = pick(m, m.names...)
		}
	}
	if m.chance(15) {
		b.platform = m.odd([]string{"linux/arm64", "linux/arm/v7", "linux", "linux/x86_64", "linux/386"}, []string{"windows/amd64", "darwin", "x", "linux/a/b/c", "windows(1.2%20)/amd64"})
	}
	for range m.IntN(3) {
		name := pick(m, "A", "B", "D", "F", "BASE", "TARGETARCH", "BUILDPLATFORM", "HTTP_PROXY", "PATH", "TARGETSTAGE")
		b.args[name] = m.odd([]string{"src", "docs", "s0", "scratch", "*.go", "$B"}, []string{"", ".", "a b", `x\y`})
	}
	if m.chance(m.oddness / 2) {
		b.args[pick(m, "SOURCE_DATE_EPOCH", "BUILDKIT_MULTI_PLATFORM", "BUILDKIT_GIT_ADVICE", "BUILDKIT_DISABLE_FILEOP",
			"BUILDKIT_DOCKERFILE_CHECK", "BUILDKIT_SBOM_SCAN_CONTEXT")] = pick(m, "1", "007", "true", "x", "skip=all", "s1", "n1")
	}
	if m.chance(60) {
		for range 1 + m.IntN(2) {
			name := m.odd([]string{"n1", "n1", "n1", "n2", "s0", "s1", "alpine", "golang:1", "alpine:3.18"}, []string{"a", "golang", "scratch", "context", "n1::linux/amd64", "s1::linux/arm64", "alpine::linux"})
			b.contexts[name] = pick(m, "dir", "dir", "dir", "docker-image://busybox", "docker-image://scratch", "git@github.com:a/b.git", "https://example.com/x.tar")
		}
	}
	return b
}

// damage cuts or doubles a piece, or swaps a byte.
func (m *maker) damage(s string) string {
	if s == "" {
		return s
	}
	i := m.IntN(len(s))
	j := min(len(s), i+1+m.IntN(12))
	switch m.IntN(4) {
	case 0:
		return s[:i] + s[j:]
	case 1:
		return s[:j] + s[i:]
	case 2:
		return s[:i]
	}
	return s[:i] + pick(m, "$", "\\", "\n", "\"", "'", "<<", "--", "\x00", "\xff", "#", "=", "{", "[", "`", "\t") + s[j:]
}

// odd picks from the first list, or from the second where the build is to be odd:
// what the front end refuses mostly, or what hardly anybody writes.
func (m *maker) odd(usual, odd []string) string {
	if m.chance(m.oddness) {
		return pick(m, odd...)
	}
	return pick(m, usual...)
}

func (m *maker) globalArg() string {
	return m.odd([]string{
		"ARG BASE=scratch", "ARG BASE=alpine", "ARG BASE=s0", "ARG A=src", "ARG A=${B:-docs}", "ARG B=$A", "ARG A=x B=${A}y", "ARG D",
		"ARG TARGETARCH=fixed", "ARG BUILDPLATFORM", "ARG F=\"a b\"", "ARG A=$TARGETARCH", "ARG A='$B'", "ARG A=${TARGETPLATFORM#linux/}",
	},
		[]string{"ARG BASE", "ARG A=${BASE:?missing}", "ARG SOURCE_DATE_EPOCH=0", "ARG SOURCE_DATE_EPOCH=s0", "ARG A=$"})
}

func (m *maker) from(i int) string {
	base := m.odd([]string{"scratch", "scratch", "scratch", "alpine", "golang:1", "alpine:3.18", "n1", "n2", "${BASE:-scratch}", "docker.io/library/alpine", "alpine:latest", "n1:latest"},
		[]string{"$BASE", "${BASE}", "S0", "Alpine", "scratch:latest", "${NOPE}", "alpine@sha256:" + strings.Repeat("a", 64), "index.docker.io/alpine", "s2", "docker.io/n1"})
	if len(m.names) > 0 && m.chance(60) {
		base = pick(m, m.names...)
		if !m.chance(m.oddness) {
			base = strings.ToLower(base)
		}
	}
	line := pick(m, "FROM", "FROM", "FROM", "from", "From") + " "
	if m.chance(10) {
		line += "--platform=" + m.odd([]string{"$BUILDPLATFORM", "linux/arm64", "$TARGETPLATFORM", "linux", "${BUILDOS}/arm64"},
			[]string{"windows/amd64", "$NOPE", "bogus/x/y/z", "bogus", "windows(10.0+x)/amd64"}) + " "
	}
	line += base
	if m.chance(80) {
		name := fmt.Sprintf("s%d", i)
		switch m.IntN(14) {
		case 0:
			name = strings.ToUpper(name)
		case 1, 2:
			name = m.odd([]string{"a", "b", "s0", "alpine", "n1", "golang"}, []string{"scratch", "context", "a-", "a..b", "1x", "s_1"})
		}
		line += " " + pick(m, "AS", "as", "As") + " " + name
		m.names = append(m.names, name)
	}
	return line
}

// source is one source of COPY or ADD, or of a mount.
func (m *maker) source() string {
	return m.odd([]string{
		"a.txt", "b.txt", "c", "d/e", "src", "./src", "/src", "src/", "../a", "a//b", "src/*.go", "*", "?x", "[ab]", "**/*.md",
		"$A", "${A}", "$D/x", "${D:-docs}", "${D:+x}", "$TARGETARCH/bin", "${TARGETOS}", `\[x\]`, `a\ b`, `"q q"`, `'$A'`, `"$A"`, `\$A`,
		"src/./lib", "${A#s}", "${A%c}", "${A//s/t}", "github.com/a/b", "x$A$B", "f/$F",
	},
		[]string{".", "./", "/", "..", "src/..", "./$A", "/$A", "${F:?no F}", "$NOPE", "$PATH", "$HTTP_PROXY", "!x", "a|b", "C:/x", `C:\x`, "日本", "<<EOF", "$A$B", "${", "D:x"})
}

func (m *maker) remote() string {
	return m.odd([]string{
		"https://example.com/a.tgz", "http://example.com/", "https://example.com/a/b.git", "https://example.com/a/b.git#main:dir",
		"git@github.com:a/b.git", "ssh://git@h/p.git", "git://h/p", "user@host:path", "ftp://h/p", "https://h/p.git?keep-git-dir=true",
	},
		[]string{
			"https://h/p.git?tag=v1&ref=x", "http://h/p.git?subdir=a&submodules", "https://h/p.git?bad=1", "git@h:p?keep-git-dir=x", "HTTPS://h/p.git", "http://[",
			"https://h/%zz.git", "git@h:p?branch=a&tag=b", "ssh://h/p?mtime=x", "git://h/p#a:../b?subdir=c", "./git@h:p", "https://h/p.git?ref=", "git@h:p?commit=a&checksum=b",
		})
}

func (m *maker) stage() string {
	if len(m.names) > 0 && m.chance(55) {
		return pick(m, m.names...)
	}
	return m.odd([]string{"n1", "n2", "n1", "N1", "n1:latest", "alpine", "golang", "golang:1", "scratch", "0"},
		[]string{"1", "2", "7", "-1", "s0", "s1", "S0", "s2", "s3", "Alpine", "$BASE", "context", "a b", `s\0`, "'s0'"})
}

func (m *maker) instruction() string {
	if m.chance(10) {
		return "ONBUILD " + m.simple()
	}
	if m.chance(2) {
		return pick(m, "# check=skip=all", "# a comment", "#", "") + "\n" + m.simple()
	}
	return m.simple()
}

func (m *maker) simple() string {
	switch m.IntN(12) {
	case 0, 1, 2, 3, 4:
		return m.copy()
	case 5, 6:
		return m.run()
	case 7:
		return m.odd([]string{"ENV A=env", "ENV A $B", "ENV D=$A/d", "ENV A=x B=$A", "ENV PATH=/p:$PATH", "ENV B=${A:-z}", "ENV F=\"a b\"", "ENV A='$B'", "ENV TARGETARCH=e", "ENV D=."},
			[]string{"ENV $A=y", "ENV A=", "ENV A=${NOPE:?x}", "ENV A", "ENV A=$", "ENV A=${A:?a} B=${B}"})
	case 8, 9:
		return m.odd([]string{"ARG A", "ARG A=docs", "ARG D=$A", "ARG D", "ARG TARGETARCH", "ARG BUILDPLATFORM TARGETOS", "ARG F=${A:-q}/x", "ARG HTTP_PROXY", "ARG PATH=p", "ARG TARGETSTAGE", "ARG B A"},
			[]string{"ARG F=${NOPE:?x}", "ARG $A=x", "ARG A=", "ARG BUILDKIT_SBOM_SCAN_CONTEXT=src", "ARG SOURCE_DATE_EPOCH", "ARG", "ARG =x", `ARG A=\$B`})
	case 10:
		return m.odd([]string{"WORKDIR /w", "WORKDIR w", "WORKDIR $A", "WORKDIR /"}, []string{"WORKDIR ..", `WORKDIR C:\x`, "WORKDIR", "WORKDIR a b", "WORKDIR D:/"})
	}
	return m.odd([]string{
		"USER $A", "LABEL a=$A", "VOLUME /v", "EXPOSE 80 81", "EXPOSE 80/tcp 90-91/udp", "EXPOSE 80:80", "STOPSIGNAL 9", "STOPSIGNAL SIGRTMIN+3", "STOPSIGNAL sigkill",
		"CMD x", "ENTRYPOINT [\"a\"]", "HEALTHCHECK CMD x", "HEALTHCHECK NONE", "SHELL [\"a\", \"b\"]", "MAINTAINER me",
	},
		[]string{
			"VOLUME [\"$NOPE\"]", "VOLUME $A", "EXPOSE $A", "EXPOSE 80/x", "EXPOSE 1.2.3.4:80:80", "EXPOSE 99999", "EXPOSE [::1]:80:80", "EXPOSE 90-80", "EXPOSE 1-2:3-5", "EXPOSE 1-3:4",
			"EXPOSE a", "EXPOSE :", "EXPOSE 1::80", "STOPSIGNAL $A", "STOPSIGNAL 0", "STOPSIGNAL RTMAX-15", "STOPSIGNAL -1", "STOPSIGNAL RTMAX", "STOPSIGNAL SIGSIGHUP", "HEALTHCHECK --interval=x CMD a", "SHELL a", "COPPY a b", "RUNN x",
			"LABEL", "USER", "MAINTAINER", "COPY a", "CMD [\"a\"", "EXPOSE", "ONBUILD COPY a b", "FROM", "ONBUILD", "LABEL a=${", "USER ${NOPE:?u}",
		})
}

func (m *maker) copy() string {
	keyword := pick(m, "COPY", "COPY", "COPY", "ADD", "copy")
	add := keyword == "ADD"
	var flags []string
	if m.chance(35) && !add || m.chance(m.oddness/10) {
		flags = append(flags, "--from="+m.stage())
	}
	for range max(0, m.IntN(6)-3) {
		flags = append(flags, m.odd([]string{"--link", "--link=false", "--exclude=*.md", "--exclude=$A", "--chown=1:2", "--chmod=755", "--chmod=u+x"},
			[]string{
				"--parents", "--chown=root", "--chown=u:g", "--chmod=99999", "--chmod=$A", "--chmod=zz", "--unpack", "--keep-git-dir", "--keep-git-dir=false",
				"--checksum=sha256:" + strings.Repeat("b", 64), "--checksum=x", "--checksum=$A", "--nope", "--link=x", "--", "--frm=a", "--chown=$D", "--chown=1:", "--chown=:x", "--chmod=8", "--chmod=+7777", "--chmod=a=rX",
			}))
	}
	var words []string
	for range 1 + m.IntN(3) {
		if add && m.chance(25) || m.chance(m.oddness/10) {
			words = append(words, m.remote())
		} else {
			words = append(words, m.source())
		}
	}
	heredoc := m.chance(7)
	if heredoc {
		if m.chance(30) {
			words = nil
		}
		words = append(words, pick(m, "<<EOF", "<<-EOF", "<<'EOF'", `<<"EOF"`))
	}
	dest := m.odd([]string{"/", "/x/", ".", "dst", "$A"}, []string{`C:\y`, "D:/y", "<<D", "${"})
	if m.chance(12) && !heredoc {
		for i, w := range words {
			words[i] = fmt.Sprintf("%q", w)
		}
		words = append(words, fmt.Sprintf("%q", dest))
		return strings.Join(slices.Concat([]string{keyword}, flags, []string{"[" + strings.Join(words, ", ") + "]"}), " ")
	}
	words = append(words, dest)
	sep := pick(m, " ", " ", " ", "  ", " "+m.esc+"\n  ", " "+m.esc+"\n# inside\n")
	if heredoc {
		sep = " "
	}
	line := strings.Join(slices.Concat([]string{keyword}, flags, words), sep)
	if heredoc {
		line += "\n" + m.odd([]string{"text", "$A", "", "\ttab"}, []string{"${A", "${NOPE:?gone}"}) + "\n" + m.odd([]string{"EOF"}, []string{"\tEOF", "NOT"})
	}
	return line
}

func (m *maker) run() string {
	var flags []string
	for range m.IntN(3) {
		flags = append(flags, "--mount="+m.mount())
	}
	if m.chance(8) {
		flags = append(flags, m.odd([]string{"--network=host", "--network=none", "--security=insecure", "--security=sandbox", "--device=a"},
			[]string{"--network=x", "--security=y", "--device=a,required", "--mount", "--nope=1"}))
	}
	command := m.odd([]string{"true", `["/x"]`, "echo $A", "<<EOF\ncat $A\nEOF", "<<EOF\n#!/bin/sh\nx\nEOF", "cat <<EOF <<EOG\n1\nEOF\n2\nEOG", "git clone x"}, []string{"[]", `["a"`, "", `["a", "<<EOF"]`})
	return strings.TrimRight(strings.Join(append(append([]string{"RUN"}, flags...), command), " "), " ")
}

func (m *maker) mount() string {
	var fields []string
	add := func(percent int, usual, odd []string) {
		if m.chance(percent) {
			fields = append(fields, m.odd(usual, odd))
		}
	}
	kind := m.odd([]string{"type=bind", "type=bind", "type=tmpfs", "type=cache", "type=ssh", "", "", "TYPE=Bind", "type=secret,id=x"}, []string{"type=$A", "type=x", "type=${A:-tmpfs}", "type=secret"})
	if kind != "" {
		fields = append(fields, kind)
	}
	if !strings.Contains(kind, "secret") || m.chance(m.oddness) {
		if m.chance(45) {
			fields = append(fields, "from="+m.odd([]string{m.stage()}, []string{"0", "$A", "a$"}))
		}
		if !strings.Contains(kind, "ssh") || m.chance(m.oddness) {
			add(65, []string{"source=src", "src=$A", "source=../x", "source=${D:-q}", "source=src/*", "source=/m/n", "source=m/$TARGETARCH"},
				[]string{"source=.", "source=/", "src=", "source=$NOPE", "source=${NOPE:?x}", `"source=a,b"`, "source=src=x"})
		}
	}
	add(97, []string{"target=/m", "dst=/m", "target=m", "destination=/x$A"}, []string{"target=.", "target=/", "target=..", "target=//", "target=", `target=C:\m`, "destination=$A"})
	add(m.oddness, []string{"ro", "rw", "readonly=false", "id=i"}, []string{"rw=x", "required", "sharing=locked", "sharing=x", "mode=755", "uid=1", "size=10m", "env=E", "bogus=1", "bogus", "required=true"})
	if m.chance(30) {
		m.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	}
	return strings.Join(fields, ",")
}

// sortedNames is for messages.
func sortedNames[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }
