package verify

import (
	"context"
	"os/exec"
	"regexp"
	"strings"

	"github.com/ctxsize/ctxsize/internal/plan"
)

const builderHint = "install Docker with buildx and start its daemon, or install buildctl and set BUILDKIT_HOST to the address of a buildkitd; --builder classic needs the docker client alone"

// engineVersion finds the daemon's version in what its client says.
var engineVersion = regexp.MustCompile(`(?m)^\s*(?:BuildKit version|Buildkit|BuildKit):\s+(?:github\.com/moby/buildkit\s+)?(\S+)`)

// findBuilder returns the first of these that answers: buildctl where BUILDKIT_HOST
// says where its daemon is, buildx, which is what docker build runs, and buildctl
// with the daemon at the default address.
func findBuilder(ctx context.Context, res *plan.Result) (builder, error) {
	host, _ := res.Getenv("BUILDKIT_HOST")
	var looked []string
	attempts := []func() (builder, string){
		func() (builder, string) { return findBuildx(ctx, "docker", "buildx") },
		func() (builder, string) { return findBuildx(ctx, "buildx") },
	}
	ctl := func() (builder, string) { return findBuildctl(ctx, host) }
	if host != "" {
		attempts = append([]func() (builder, string){ctl}, attempts...)
	} else {
		attempts = append(attempts, ctl)
	}
	for _, attempt := range attempts {
		found, why := attempt()
		if found != nil {
			return found, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		looked = append(looked, why)
	}
	return nil, missing("BuildKit builder", builderHint, looked...)
}

// findBuildx looks for buildx under the words that it is run with.
func findBuildx(ctx context.Context, name string, plugin ...string) (builder, string) {
	shown := strings.Join(append([]string{name}, plugin...), " ")
	program, err := exec.LookPath(name)
	if err != nil {
		return nil, name + " is not in PATH"
	}
	words := append([]string{program}, plugin...)
	version, last, err := ask(ctx, words[0], append(words[1:], "version")...)
	if err != nil || !strings.Contains(version, "buildx") {
		return nil, shown + " is not installed (" + wordsOf(err, last) + ")"
	}
	about, last, err := ask(ctx, words[0], append(words[1:], "inspect")...)
	if err != nil {
		return nil, shown + " has no builder that answers (" + wordsOf(err, last) + ")"
	}
	if strings.Contains(about, "Error:") && !engineVersion.MatchString(about) {
		return nil, shown + " has no builder that answers (" + field(about, "Error:") + ")"
	}
	found := &buildx{words: words, shown: shown, version: second(version)}
	if m := engineVersion.FindStringSubmatch(about); m != nil {
		found.engine = m[1]
	}
	return found, ""
}

// findBuildctl looks for buildctl and the daemon at an address, "" for its default.
func findBuildctl(ctx context.Context, host string) (builder, string) {
	program, err := exec.LookPath("buildctl")
	if err != nil {
		return nil, "buildctl is not in PATH"
	}
	at := "at its default address, for BUILDKIT_HOST is not set"
	if host != "" {
		at = "at BUILDKIT_HOST=" + host
	}
	version, last, err := ask(ctx, program, "--version")
	if err != nil {
		return nil, "buildctl fails (" + wordsOf(err, last) + ")"
	}
	if _, last, err = ask(ctx, program, "debug", "workers"); err != nil {
		return nil, "buildctl finds no daemon " + at + " (" + wordsOf(err, last) + ")"
	}
	found := &buildctl{program: program, version: second(strings.TrimPrefix(version, "buildctl "))}
	// The daemon tells its version from 0.11 on.
	if about, _, err := ask(ctx, program, "debug", "info"); err == nil {
		if m := engineVersion.FindStringSubmatch(about); m != nil {
			found.engine = m[1]
		}
	}
	return found, ""
}

// second returns the second word of a version's line: "github.com/docker/buildx
// v0.38.2 abcdef".
func second(line string) string {
	if words := strings.Fields(line); len(words) > 1 {
		return words[1]
	}
	return ""
}

// field returns what stands behind a key in a list of keys and values.
func field(text, key string) string {
	_, after, _ := strings.Cut(text, key)
	line, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(line)
}

// wordsOf is what went wrong, in the program's words where it said some.
func wordsOf(err error, last string) string {
	switch {
	case last != "":
		return last
	case err != nil:
		return err.Error()
	default:
		return "it does not answer"
	}
}
