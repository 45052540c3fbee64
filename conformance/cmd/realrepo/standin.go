package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/ctxsize/ctxsize/conformance/engine"
)

// dockerfile is what a Dockerfile says.
type dockerfile struct {
	escape   rune
	stages   []instructions.Stage
	metaArgs []instructions.ArgCommand
}

func parse(text []byte) (*dockerfile, error) {
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	stages, metaArgs, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	return &dockerfile{escape: parsed.EscapeToken, stages: stages, metaArgs: metaArgs}, nil
}

// needs tells which images stand-ins are needed for, and which users the RUNs
// run as.
func (d *dockerfile) needs(args map[string]string) (images, users []string) {
	lex := shell.NewLex(d.escape)
	env := globals(lex, d.metaArgs, args)
	names := map[string]bool{"scratch": true, "": true}
	found := map[string]bool{}
	need := func(name string) {
		res, err := lex.ProcessWordWithMatches(name, env)
		if err != nil || names[strings.ToLower(res.Result)] || number(res.Result) {
			return
		}
		// The name under which a context replaces an image
		// (frontend/dockerui/config.go : NamedContext).
		if image, err := reference.ParseNormalizedNamed(res.Result); err == nil {
			found[strings.TrimSuffix(reference.FamiliarString(image), ":latest")] = true
		}
	}
	for _, stage := range d.stages {
		need(stage.BaseName)
		for _, cmd := range stage.Commands {
			switch c := cmd.(type) {
			case *instructions.CopyCommand:
				need(c.From)
			case *instructions.RunCommand:
				// Mounts are read when their variables are known; a name needs none.
				if c.Expand(func(word string) (string, error) { return word, nil }) != nil {
					continue
				}
				for _, m := range instructions.GetMounts(c) {
					need(m.From)
				}
			case *instructions.UserCommand:
				user, _, _ := strings.Cut(c.User, ":")
				users = append(users, user)
			}
		}
		names[strings.ToLower(stage.Name)] = true
	}
	return slices.Sorted(maps.Keys(found)), users
}

// globals are the values that FROM lines see.
func globals(lex *shell.Lex, metaArgs []instructions.ArgCommand, args map[string]string) shell.EnvGetter {
	list := []string{"TARGETOS=linux", "TARGETPLATFORM=linux/amd64", "BUILDPLATFORM=linux/amd64", "TARGETARCH=amd64", "BUILDOS=linux", "BUILDARCH=amd64"}
	for _, meta := range metaArgs {
		for _, kv := range meta.Args {
			value, given := args[kv.Key]
			if !given && kv.Value != nil {
				res, err := lex.ProcessWordWithMatches(*kv.Value, shell.EnvsFromSlice(list))
				if err != nil {
					continue
				}
				value = res.Result
			}
			list = append(list, kv.Key+"="+value)
		}
	}
	return shell.EnvsFromSlice(list)
}

func number(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// plantStandIn writes what takes a base image's place.
func plantStandIn(dir string, users []string) error {
	for _, shell := range []string{"bin/sh", "bin/bash", "bin/ash", "usr/bin/env", "usr/bin/bash"} {
		path := filepath.Join(dir, shell)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, engine.ExitZero(), 0o755); err != nil {
			return err
		}
	}
	var passwd, group strings.Builder
	for i, user := range append([]string{"root"}, users...) {
		fmt.Fprintf(&passwd, "%s:x:%d:%d::/:/bin/sh\n", user, i, i)
		fmt.Fprintf(&group, "%s:x:%d:\n", user, i)
	}
	if err := os.MkdirAll(filepath.Join(dir, "etc"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "etc/passwd"), []byte(passwd.String()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "etc/group"), []byte(group.String()), 0o644)
}

var notFound = regexp.MustCompile(`"(/[^"]*)": not found$`)

// provide adds to a stand-in what a build failed for want of, if that is what it
// failed for: as a directory, which can be copied, worked in and have more put
// below it. It may be the context that it was missed in: then it does no harm.
func provide(dir string, why error) error {
	if why == nil {
		return nil
	}
	m := notFound.FindStringSubmatch(why.Error())
	if m == nil {
		return nil
	}
	return os.MkdirAll(filepath.Join(dir, filepath.FromSlash(m[1])), 0o755)
}
