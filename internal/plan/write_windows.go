package plan

import "os"

// writeFile replaces a file; Windows cannot put one in the place of another that
// is open.
func writeFile(path string, data []byte) error { return os.WriteFile(path, data, 0o644) }
