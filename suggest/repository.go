package suggest

// NeedsRepository returns why the builds read the git repository, "" where nothing
// says that they do. Only eligible files are looked at.
func NeedsRepository(facts Facts) string {
	return whyGit(newReader(facts.Selection.Inventory(), facts.Source, facts.Selection.Eligible), facts.Runs)
}
