// Package spell guesses what somebody meant who wrote a word that does not exist.
package spell

// Nearest returns the word that takes the fewest changes to get from, if it is
// near enough to be what was meant, else "": one letter in three may be wrong, and
// no more than two.
func Nearest(word string, among []string) string {
	best, least := "", 3
	for _, w := range among {
		if d := distance(word, w); d < least && 3*d <= len(word) {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters that must be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
