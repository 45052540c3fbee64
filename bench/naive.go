package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// naive is what one writes first: filepath.WalkDir, moby's matcher as the builders
// use it, and the size of each file that stays.
func naive(root, list string) error {
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer f.Close()
	patterns, err := ignorefile.ReadAll(f)
	if err != nil {
		return err
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return err
	}
	var parents []patternmatcher.MatchInfo // of the directories above, the root's first
	var files, bytes int64
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || name == "." {
			return err
		}
		depth := strings.Count(name, string(filepath.Separator))
		var above patternmatcher.MatchInfo
		if depth > 0 {
			above = parents[depth-1]
		}
		ignored, info, err := matcher.MatchesUsingParentResults(name, above)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			parents = append(parents[:depth], info)
			if ignored && !matcher.Exclusions() {
				return filepath.SkipDir
			}
			return nil
		}
		if ignored {
			return nil
		}
		stat, err := entry.Info()
		if err != nil {
			return err
		}
		files++
		bytes += stat.Size()
		return nil
	})
	fmt.Printf("files %d bytes %d\n", files, bytes)
	return err
}
