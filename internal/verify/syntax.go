package verify

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// foreignSyntax returns the front end that the Dockerfile names, which BuildKit
// would fetch; "" where it names none.
func foreignSyntax(res *plan.Result) string {
	if res.Instructions == nil {
		return ""
	}
	return res.Instructions.Syntax()
}

// withoutSyntax returns a Dockerfile without the line that names a front end. The
// line goes as a whole: a comment in its place would end the directives.
func withoutSyntax(data []byte, syntax string) []byte {
	for line := range bytes.Lines(data) {
		if bytes.Contains(bytes.ToLower(line), []byte("syntax")) && bytes.Contains(line, []byte(syntax)) {
			return bytes.Replace(data, line, nil, 1)
		}
	}
	return data
}

// copyWithoutSyntax writes such a Dockerfile beside its own ignore file and
// returns its path.
func copyWithoutSyntax(res *plan.Result, r *room) (string, error) {
	dir, err := r.mkdir()
	if err != nil {
		return "", err
	}
	_, base := res.Dockerfile.Place()
	path := filepath.Join(dir, base)
	if err := os.WriteFile(path, withoutSyntax(res.Dockerfile.Data, foreignSyntax(res)), 0o644); err != nil {
		return "", err
	}
	if res.IgnoreFile.Specific {
		err = os.WriteFile(path+".dockerignore", res.IgnoreFile.File.Bytes(), 0o644)
	}
	return path, err
}
