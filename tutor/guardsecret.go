package tutor

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// Secrets is what the instructions of a prompt say, so that an answer that recites them is known by it, also spelled backwards, with spaces,
// in rot13, base64 or hex. What stands between fences is material that may be quoted, and no secret.
type Secrets struct {
	text  string          // letters and digits of the instructions, folded
	lines map[string]bool // the same of each line and sentence of them
}

// Bounds of what counts as recited, in bytes of letters and digits.
const (
	recited      = 36 // in a row, anywhere in a sentence
	recitedWhole = 28 // where it is all of the sentence
	recitedLine  = 10 // where it is all of the sentence, and a whole line of the instructions
)

// fenced is a block of material in a prompt, and the line that titles it.
var fenced = regexp.MustCompile(`(?s)(?:\[\d+\][^\n]*\n)?<data\b[^>]*>.*?</data>`)

// instructionEnds is where a line or a sentence of the instructions ends.
var instructionEnds = regexp.MustCompile(`\n|[.!?:]\s`)

// NewSecrets makes them of the system messages of a prompt.
func NewSecrets(system ...string) *Secrets {
	out := &Secrets{lines: map[string]bool{}}
	var b strings.Builder
	for _, s := range system {
		s = fenced.ReplaceAllString(s, "\n")
		b.WriteString(squeezeWord(s))
		b.WriteByte('\n')
		for _, line := range instructionEnds.Split(s, -1) {
			if letters := squeezeWord(line); len(letters) >= recitedLine {
				out.lines[letters] = true
			}
		}
	}
	out.text = b.String()
	return out
}

// In is true for a sentence that recites the instructions.
func (s *Secrets) In(sentence string) bool {
	letters := squeezeWord(sentence)
	if s.lines[letters] {
		return true
	}
	if slices.ContainsFunc([]string{letters, reversed(letters), rot13(letters)}, s.recites) {
		return true
	}
	packed := strings.Join(strings.Fields(sentence), "")
	for _, run := range base64Run.FindAllString(packed, -1) {
		for off := range 4 { // whatever stands before it
			if b, err := base64.RawStdEncoding.DecodeString(aligned(run, off)); err == nil && s.recites(squeezeWord(strings.ToValidUTF8(string(b), ""))) {
				return true
			}
		}
	}
	for _, run := range hexRun.FindAllString(packed, -1) {
		if b, err := hex.DecodeString(run[:len(run)/2*2]); err == nil && s.recites(squeezeWord(strings.ToValidUTF8(string(b), ""))) {
			return true
		}
	}
	return false
}

// aligned is a run of base64 without its first off characters, in whole groups.
func aligned(run string, off int) string {
	run = strings.TrimRight(run, "=")
	if off >= len(run) {
		return ""
	}
	run = run[off:]
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	return run
}

func (s *Secrets) recites(letters string) bool {
	if len(letters) < recitedWhole {
		return false
	}
	if len(letters) <= recited {
		return strings.Contains(s.text, letters)
	}
	for at := 0; at+recited <= len(letters); at++ {
		if strings.Contains(s.text, letters[at:at+recited]) {
			return true
		}
	}
	return false
}
