package buildcontext

import "fmt"

var decimalUnits = []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}

// Shown returns a number of bytes as the builder prints it: powers of 1000, the
// unit glued on. Classic rounds to four digits, BuildKit to two decimals.
// (docker/go-units, size.go, HumanSize; tonistiigi/units, Bytes.Format)
func (b Builder) Shown(bytes int64) string {
	size, unit := float64(bytes), 0
	for size >= 1000 && unit < len(decimalUnits)-1 {
		size /= 1000
		unit++
	}
	if b == Classic {
		return fmt.Sprintf("%.4g%s", size, decimalUnits[unit])
	}
	if unit == 0 {
		return fmt.Sprintf("%dB", bytes)
	}
	return fmt.Sprintf("%.2f%s", size, decimalUnits[unit])
}
