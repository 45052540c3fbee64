package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tree is a directory to measure.
type tree struct {
	name, about string
	build       func(dir string) error
}

// trees are made once, below the directory of -dir.
var trees = []tree{
	{"a", "five workspaces with real node_modules, about 400,000 files", npmTree},
	{"b", "1,000,000 files in 100,000 directories, up to ten deep", func(dir string) error { return deepTree(dir, 1_000_000, 100_000) }},
	{"d", "200,000 files in one directory", func(dir string) error { return flatTree(dir, 200_000) }},
	{"10k", "10,000 files in 1,000 directories", func(dir string) error { return deepTree(dir, 10_000, 1_000) }},
	{"100k", "100,000 files in 10,000 directories", func(dir string) error { return deepTree(dir, 100_000, 10_000) }},
	{"2m", "2,000,000 files in 200,000 directories", func(dir string) error { return deepTree(dir, 2_000_000, 200_000) }},
	{"empty", "an empty directory", func(string) error { return nil }},
}

// makeTree makes a tree that is not there yet, and returns where it is. A tree
// that was not finished is made anew.
func makeTree(below, name string) (string, error) {
	for _, t := range trees {
		if t.name != name {
			continue
		}
		dir := filepath.Join(below, name)
		done := dir + ".done"
		if _, err := os.Stat(done); err == nil {
			return dir, nil
		}
		fmt.Fprintf(os.Stderr, "making tree %s: %s\n", name, t.about)
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		if err := t.build(dir); err != nil {
			return "", fmt.Errorf("tree %s: %w", name, err)
		}
		return dir, os.WriteFile(done, nil, 0o644)
	}
	return "", fmt.Errorf("there is no tree %q", name)
}

var (
	stems = strings.Fields("src lib vendor api model view util core page store queue parser client server route guard")
	kinds = strings.Fields(".js .ts .d.ts .map .json .md .go .py .txt .css")
)

// deepTree makes a tree of ten parts of the same size, which are called part0 to
// part9, so that rules can ignore eight of them. Files have up to 64 bytes: their
// content is never read. The same numbers make the same tree.
func deepTree(root string, files, dirs int) error {
	r := rand.New(rand.NewPCG(uint64(files), uint64(dirs))) //nolint:gosec // a tree, not a secret
	const parts, depth = 10, 9
	content := make([]byte, 64)
	for part := range parts {
		type level struct {
			path  string
			depth int
		}
		queue := []level{{filepath.Join(root, fmt.Sprintf("part%d", part)), 1}}
		made, visited, written := 1, 0, 0
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			if err := os.Mkdir(at.path, 0o755); err != nil {
				return err
			}
			// About as many here as in any other directory that is still to come.
			here := files/parts - written
			if rest := dirs/parts - visited; rest > 1 {
				here = here * (30 + r.IntN(141)) / 100 / rest
			}
			visited++
			for i := range here {
				name := fmt.Sprintf("%s-%04x-%d%s", stems[r.IntN(len(stems))], r.IntN(1<<16), i, kinds[r.IntN(len(kinds))])
				if err := os.WriteFile(filepath.Join(at.path, name), content[:r.IntN(len(content))], 0o644); err != nil {
					return err
				}
				written++
			}
			for i := range 3 + r.IntN(3) {
				if at.depth < depth && made < dirs/parts {
					queue = append(queue, level{filepath.Join(at.path, fmt.Sprintf("%s%d", stems[r.IntN(len(stems))], i)), at.depth + 1})
					made++
				}
			}
		}
	}
	return nil
}

func flatTree(root string, files int) error {
	for i := range files {
		name := fmt.Sprintf("image-%08x-%d.png", uint32(i)*2654435761, i)
		if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// workspaces are installed by npm, with their dependencies of the day: the number
// of files is about 400,000, and not the same each year.
var workspaces = [][]string{
	strings.Fields("web next react react-dom @mui/material @mui/icons-material @emotion/react @emotion/styled antd"),
	strings.Fields("admin @angular/cli @angular/core @angular/compiler-cli @angular-devkit/build-angular webpack webpack-cli babel-loader @babel/core @babel/preset-env"),
	strings.Fields("docs @docusaurus/core @docusaurus/preset-classic gatsby"),
	strings.Fields("ui storybook @storybook/react-webpack5 @fluentui/react-icons lodash date-fns rxjs lucide-react react-icons @tabler/icons-react @ant-design/icons"),
	strings.Fields("api googleapis aws-sdk @aws-sdk/client-s3 @aws-sdk/client-ec2 typescript ts-node jest eslint prettier vue nuxt aws-cdk-lib monaco-editor three"),
}

func npmTree(root string) error {
	for _, w := range workspaces {
		dir := filepath.Join(root, "apps", w[0])
		if err := os.MkdirAll(filepath.Join(dir, "src"), 0o755); err != nil {
			return err
		}
		manifest := fmt.Sprintf("{\"name\": %q, \"version\": \"1.0.0\", \"private\": true}\n", w[0])
		if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(manifest), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "src", "index.js"), []byte("// nothing\n"), 0o644); err != nil {
			return err
		}
		npm := exec.Command("npm", append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"}, w[1:]...)...)
		npm.Dir, npm.Stderr = dir, os.Stderr
		if err := npm.Run(); err != nil {
			return fmt.Errorf("npm install in %s: %w", dir, err)
		}
	}
	return nil
}
