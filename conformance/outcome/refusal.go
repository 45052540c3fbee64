package outcome

import (
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// later are the beginnings of BuildKit's errors that come from carrying a build
// out, when what it reads has been asked for already: a source that is not
// there, a RUN that fails, an ADD from a dead address. All other errors come
// from reading the Dockerfile, the ignore file or the patterns, or from the
// transfer itself.
var later = []string{
	"failed to compute cache key:",
	"failed to load cache key:",
	"process ",
	"failed to solve: process ",
	"failed to prepare ",
	"failed to copy",
	"cannot copy to ",
	"cannot replace ",
	"failed to calculate checksum",
	"lstat ",
	"mkdir ",
	"too many links",
	"no SSH key ",
}

// buildFate tells what became of the context of a failed BuildKit build.
func buildFate(c *cases.Case, why string) Fate {
	trimmed := strings.TrimPrefix(why, "failed to solve: ")
	for _, l := range later {
		if strings.HasPrefix(trimmed, l) {
			return Sent
		}
	}
	return refusal(c, why)
}

// refusal tells a default Dockerfile that is missing or a directory, which ctxsize does not mind, from
// whatever else a builder refuses.
func refusal(c *cases.Case, why string) Fate {
	if c.DockerfilePath != "Dockerfile" {
		return Refused
	}
	for _, missing := range []string{"ockerfile: no such file or directory", "ockerfile: not a regular file"} {
		if strings.Contains(why, missing) {
			return NoDockerfile
		}
	}
	return Refused
}
