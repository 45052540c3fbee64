// Package gitrepo reads what git knows of a context: which paths it tracks, which
// it ignores, and what the context was at a revision. Start at [Open].
//
// Nothing here runs a program, follows a hook or writes a file, whatever the
// configuration of the repository says; that is why a repository of another
// owner, which git itself refuses (safe.directory), is read without a question.
// Only regular files of bounded size are read.
//
// The environment counts as far as it says where git's configuration lies (HOME,
// XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM).
// GIT_DIR, GIT_INDEX_FILE and the like do not: a context belongs to the repository
// that it lies in.
package gitrepo
