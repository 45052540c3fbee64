package dockerfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	digest "github.com/opencontainers/go-digest"
)

const epochName = "SOURCE_DATE_EPOCH"

// sourceDateEpoch follows epoch.go : resolveSourceDateEpochValue and convert.go :
// getBuildArgValue, setBuildArgValue. Apart from a number the value may name a
// source whose time is looked up; that time is not known here, and counts as
// missing.
func (c *converter) sourceDateEpoch(stages []instructions.Stage) error {
	value, ok := c.buildArgs[epochName]
	if !ok {
		if value, ok = c.globals.Get(epochName); !ok || value == "" {
			return nil
		}
	}
	stamp := ""
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		stamp = strconv.FormatInt(n, 10)
	} else if value != "" {
		if err := c.epochSource(value, stages); err != nil {
			return err
		}
		c.unknown(KindEpoch, 0, "the value of SOURCE_DATE_EPOCH is taken from %s", value)
	}
	if _, ok := c.buildArgs[epochName]; ok {
		if stamp == "" {
			delete(c.buildArgs, epochName)
		} else {
			c.buildArgs[epochName] = stamp
		}
	}
	if _, ok := c.globals.Get(epochName); ok {
		if stamp == "" {
			c.globals.delete(epochName)
		} else {
			c.globals.set(epochName, variable{value: stamp})
		}
	}
	return nil
}

// epochSource follows epoch.go : resolveSourceDateEpochState.
func (c *converter) epochSource(value string, stages []instructions.Stage) error {
	if value == "context" {
		return nil
	}
	nc, err := c.lookupAny(value, &c.buildPlatform)
	if err != nil {
		return err
	}
	if nc != nil {
		// Loading it fetches its ignore file.
		c.loads = append(c.loads, &load{context: nc})
		return nil
	}
	for _, st := range stages {
		if strings.EqualFold(st.Name, value) {
			return parser.WithLocation(c.epochStage(st), st.Location)
		}
	}
	return fmt.Errorf("invalid SOURCE_DATE_EPOCH: %s", value)
}

// epochStage follows epoch.go : sourceDateEpochStageSource.
func (c *converter) epochStage(st instructions.Stage) error {
	globals := c.globals.clone()
	globals.delete(epochName)
	base, _, err := c.lex.ProcessWord(st.BaseName, globals)
	if err != nil {
		return fmt.Errorf("failed to process source stage base name %q: %w", st.BaseName, err)
	}
	if base != scratch {
		return errors.New("SOURCE_DATE_EPOCH stage must use FROM scratch")
	}
	found := false
	for _, ic := range st.Commands {
		switch ic := ic.(type) {
		case *instructions.ArgCommand:
			for _, a := range ic.Args {
				if v, ok := c.buildArgs[a.Key]; ok {
					globals.set(a.Key, variable{value: v})
				} else if a.Value != nil {
					v, _, err := c.lex.ProcessWord(*a.Value, globals)
					if err != nil {
						return err
					}
					globals.set(a.Key, variable{value: v})
				}
			}
		case *instructions.AddCommand:
			if found {
				return errors.New("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD")
			}
			if err := c.epochAdd(ic, globals); err != nil {
				return err
			}
			found = true
		default:
			return fmt.Errorf("SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported %s instruction", ic.Name())
		}
	}
	if !found {
		return errors.New("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD")
	}
	return nil
}

// epochAdd follows epoch.go : sourceDateEpochAddSource.
func (c *converter) epochAdd(ic *instructions.AddCommand, env *environ) error {
	if len(ic.SourceContents) != 0 || len(ic.SourcePaths) != 1 {
		return errors.New("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source")
	}
	src, _, err := c.lex.ProcessWord(ic.SourcePaths[0], env)
	if err != nil {
		return err
	}
	checksum, _, err := c.lex.ProcessWord(ic.Checksum, env)
	if isHTTPSource(src) {
		if ic.Checksum == "" {
			return nil
		}
		if err == nil {
			_, err = digest.Parse(checksum)
		}
		return err
	}
	git, isGit, gitErr := parseGitRef(src)
	if gitErr != nil && isGit {
		return gitErr
	}
	if gitErr == nil && !git.localLooking {
		return err
	}
	return errors.New("SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD")
}
