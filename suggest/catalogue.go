package suggest

import (
	"slices"
	"strings"
)

// catalogue is every rule. The names, markers and risks follow what kondo,
// npkill, github/gitignore and docker init know; the proofs are stricter, since
// a directory that is left out of a build is not missed until it runs.
var catalogue = slices.Concat(
	catalogueVCS, catalogueNode, cataloguePython, catalogueRust, catalogueGo, catalogueC,
	catalogueJVM, catalogueDotnet, catalogueRuby, cataloguePHP, catalogueBEAM, catalogueFunctional,
	catalogueApple, catalogueMobile, catalogueSites, catalogueGames, catalogueCloud, catalogueML, catalogueMore,
	catalogueData, catalogueLogs, catalogueSecrets, catalogueEditors, catalogueOS, catalogueAgents,
	catalogueFiles, catalogueReports, catalogueHomes, catalogueStores,
)

// words splits a list that is easier to read without quotes.
func words(s string) []string { return strings.Fields(s) }
