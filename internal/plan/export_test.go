package plan

import "github.com/adrg/xdg"

// SetStateHome makes undo records go to a directory of the test's.
func SetStateHome(dir string) { xdg.StateHome = dir }
