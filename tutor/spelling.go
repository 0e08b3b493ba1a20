package tutor

// Lengths from which a word is taken for a misspelt one: one slip, and two.
const (
	leastOneSlip  = 5
	leastTwoSlips = 8
)

// nearest is the token of the index that a misspelt one stands for, or "": at most two letters off, and with the same first letter, which is
// seldom wrong. Of those equally near it is the one that most passages hold.
func (x *index) nearest(token string) string {
	if len(token) < leastOneSlip {
		return ""
	}
	most := 1
	if len(token) >= leastTwoSlips {
		most = 2
	}
	found, distance, held := "", most+1, 0
	for part := x; part != nil; part = part.base {
		for t, n := range part.holders {
			if t == "" || t[0] != token[0] || len(t) < leastOneSlip-1 || len(t)-len(token) > most || len(token)-len(t) > most {
				continue
			}
			d := slips(t, token, most)
			if d < distance || d == distance && d <= most && (n > held || n == held && t < found) {
				found, distance, held = t, d, n
			}
		}
	}
	return found
}

// slips counts the letters that were left out, put in, changed or swapped with their neighbour between two words; more than most is most+1.
func slips(a, b string, most int) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			least = min(least, next[j])
		}
		if least > most {
			return most + 1
		}
		before, row, next = row, next, before
	}
	return min(row[len(b)], most+1)
}
