package suggest

var catalogueVCS = []*Rule{
	{
		ID: gitID, Title: "Git repository", Class: VCS, Level: Sure, Names: words(".git"), kind: both,
		proof: either(all(inside("HEAD"), inside("objects")), gitFile),
		Again: "git clone", Risk: "a build that asks git for its version fails or makes one up",
		Closed: true, AtRoot: true,
	},
	{
		ID: "mercurial", Title: "Mercurial repository", Class: VCS, Level: Sure, Names: words(".hg"),
		proof: inside("store", "requires"), Again: "hg clone", Closed: true, AtRoot: true,
	},
	{
		ID: "subversion", Title: "Subversion metadata", Class: VCS, Level: Sure, Names: words(".svn"),
		proof: inside("wc.db", "entries"), Again: "svn checkout", Closed: true, AtRoot: true,
	},
	{
		ID: "bazaar", Title: "Bazaar repository", Class: VCS, Level: Sure, Names: words(".bzr"),
		proof: inside("branch-format", "repository"), Again: "bzr branch", Closed: true, AtRoot: true,
	},
	{
		ID: "jujutsu", Title: "Jujutsu repository", Class: VCS, Level: Sure, Names: words(".jj"),
		proof: inside("repo"), Again: "jj git clone", Closed: true, AtRoot: true,
	},
	{
		ID: "cvs", Title: "CVS metadata", Class: VCS, Level: Sure, Names: words("CVS"),
		proof: all(inside("Root"), inside("Entries")), Again: "cvs checkout", Closed: true, AtRoot: true,
	},
	{
		// Formatters, linters and packagers read these, so that they are never safe.
		ID: "git-files", Title: "Git's own settings", Class: VCS, Level: Ask, Names: words(".gitignore .gitattributes .gitmodules .mailmap"), kind: files,
		proof: byName, Committed: true, Risk: "some linters and packagers read .gitignore", AtRoot: true,
	},
	{
		ID: "ci", Title: "settings of continuous integration", Class: CI, Level: Sure,
		Names: words(".github .gitlab .gitlab-ci.yml .circleci .travis.yml .buildkite .drone.yml .woodpecker.yml Jenkinsfile azure-pipelines.yml bitbucket-pipelines.yml appveyor.yml .appveyor.yml"),
		kind:  both, proof: byName, AtRoot: true,
	},
	{
		ID: "git-worktrees", Title: "checkouts of other branches", Class: VCS, Level: Sure, Names: words(".worktrees wt worktrees .claude/worktrees .trees"),
		proof: worktrees, Again: "git worktree add", Closed: true, AtRoot: true,
	},
}
