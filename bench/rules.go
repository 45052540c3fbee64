package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// common are fifty rules as projects have them. Of the trees here they leave
// almost everything to be sent.
var common = strings.Fields(`
	**/.classpath **/.dockerignore **/.env **/.git **/.gitignore **/.project **/.settings **/.toolstarget **/.vs
	**/.vscode **/*.*proj.user **/*.dbmdl **/*.jfm **/azds.yaml **/charts **/docker-compose* **/compose*.y*ml
	**/npm-debug.log **/obj **/secrets.dev.yaml **/values.dev.yaml LICENSE README.md **/.next **/.cache **/coverage
	**/*.test.js **/*.spec.ts **/__tests__ **/__pycache__ **/*.py[cod] **/*.pyc **/.mypy_cache **/.pytest_cache
	**/venv **/*.log **/*.tmp **/*.swp build/ dist/ vendor/cache/** apps/*/src/**/*.stories.tsx
	apps/docs/node_modules/.cache tmp **/.DS_Store **/Thumbs.db **/.idea
	!vendor/README.md !**/important.log !apps/web/dist/keep`)

// ruleLists are the ignore files of the runs. They stand beside a Dockerfile of
// their own and not in the trees.
var ruleLists = map[string][]string{
	"rules50": common,
	// Two hundred: as many again for every service of a repository.
	"rules200": func() []string {
		rules := common[:len(common)-3]
		for i := range 37 {
			rules = append(rules, fmt.Sprintf("services/s%d/build", i), fmt.Sprintf("**/generated-%d-*", i),
				fmt.Sprintf("services/s%d/**/*.bak%d", i, i), fmt.Sprintf("**/*.out%d", i))
		}
		return append(rules, common[len(common)-3:]...)
	}(),
	// What most of a tree falls under: eight of ten parts, and what npm installed.
	"ignored": strings.Fields("part[0-7] **/node_modules **/.cache *.log !keep.log"),
}

// writeRules writes a Dockerfile that copies everything for each list, with the
// list beside it, and returns the Dockerfile of each.
func writeRules(dir string) (map[string]string, error) {
	files := map[string]string{}
	for name, rules := range ruleLists {
		file := filepath.Join(dir, name+".Dockerfile")
		if err := os.WriteFile(file, []byte("FROM scratch\nCOPY . /x\n"), 0o644); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file+".dockerignore", []byte(strings.Join(rules, "\n")+"\n"), 0o644); err != nil {
			return nil, err
		}
		files[name] = file
	}
	return files, nil
}
