package resume

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Figures of findName.
const (
	nameRows    = 300 // rows of the first page that are looked at
	headRows    = 6   // rows from the top that a name mostly is among
	leastScore  = 3   // of a candidate that is taken
	maxMentions = 40  // places where the name is marked
)

// nameLabel is a word for a name in front of it.
var nameLabel = regexp.MustCompile(`(?i)^(?:full\s+name|name|nom(?:\s+et\s+prénom)?|prénom\s+et\s+nom|nombre(?:\s+y\s+apellidos?)?|nome(?:\s+e\s+cognome)?|vor-?\s+und\s+(?:nach|zu)name|naam|姓名|שם(?:\s+מלא)?|الاسم)\s*[:：]\s*`)

// nameTitle stands before or behind a name without being part of it.
var nameTitle = regexp.MustCompile(`(?i)^(?:curriculum\s+vitae|lebenslauf|r[ée]sum[ée]|cv)\s*(?:[-–—:|]|of|von|de)?\s+|\s*[-–—:|]?\s*\(?\b(?:curriculum\s+vitae|lebenslauf|r[ée]sum[ée]|cv)\)?$`)

// greeting is how some begin.
var greeting = regexp.MustCompile(`(?i)^(?:(?:hi|hello|hey|hallo|bonjour|hola)[,!.]?\s+)?(?:i['’]m|i\s+am|my\s+name\s+is|ich\s+bin|je\s+suis|soy)\s+`)

// candidate is a text that may be the person's name.
type candidate struct {
	text  string
	span  [2]int
	score int
}

// findName finds the name of the person. It is a guess by signs, which documents call best effort: the tallest words of the first page, the
// first line, words that the address for mail has too, a label. Wherever else exactly the same words stand they are marked as well.
func findName(doc *Document, rows []row, emails []Personal, v *vocabulary) []Personal {
	var local []string
	for _, e := range emails {
		if e.Kind == PersonalEmail {
			head, _, _ := strings.Cut(e.Text, "@")
			local = append(local, latin(head))
		}
	}
	tallest := 0.0
	n := 0
	for n < len(rows) && n < nameRows && rows[n].Page == 1 {
		tallest = max(tallest, rows[n].height())
		n++
	}
	var best candidate
	top := 0
	for top < n && isDocumentTitle(rows[top].text) {
		top++
	}
	for i := range n {
		for _, c := range nameCandidates(rows[:n], i, v) {
			c.score += nameScore(&rows[i], i-top, c.text, local, tallest)
			if c.score > best.score {
				best = c
			}
		}
	}
	if best.score < leastScore {
		return nil
	}
	out := []Personal{{Kind: PersonalName, Text: best.text, Span: best.span}}
	if utf8.RuneCountInString(best.text) < 4 && !hasHan(best.text) || !strings.Contains(best.text, " ") && !hasHan(best.text) {
		return out
	}
	at, runes := 0, 0
	for len(out) < maxMentions {
		i := strings.Index(doc.Text[at:], best.text)
		if i < 0 {
			break
		}
		runes += utf8.RuneCountInString(doc.Text[at : at+i])
		span := [2]int{runes, runes + utf8.RuneCountInString(best.text)}
		if span != best.span {
			out = append(out, Personal{Kind: PersonalName, Text: best.text, Span: span})
		}
		runes = span[1]
		at += i + len(best.text)
	}
	return out
}

// nameCandidates are the texts of row i that look like a name, and the name that row i and the next make together.
func nameCandidates(rows []row, i int, v *vocabulary) []candidate {
	r := &rows[i]
	if len(r.text) > 200 || r.running && r.Page > 1 || bulleted(r.text) {
		return nil
	}
	var out []candidate
	at := 0
	for k, cell := range r.cells {
		begin := strings.Index(r.text[at:], cell)
		if begin < 0 {
			continue
		}
		begin += at
		at = begin + len(cell)
		score := 0
		if m := nameLabel.FindString(cell); m != "" {
			begin, cell, score = begin+len(m), cell[len(m):], 4
		}
		if m := greeting.FindString(cell); m != "" {
			begin, cell = begin+len(m), cell[len(m):]
		}
		if k > 0 && nameLabel.MatchString(r.cells[k-1]+":") {
			score = 4
		}
		end := strings.IndexAny(cell, "|•·,，(（/:：@0123456789~")
		for _, mark := range []string{" - ", " – ", " — "} {
			if m := strings.Index(cell, mark); m >= 0 && (end < 0 || m < end) {
				end = m
			}
		}
		if end >= 0 {
			cell = cell[:end]
		}
		if m := nameTitle.FindStringIndex(cell); m != nil {
			if m[0] == 0 {
				begin += m[1]
				cell = cell[m[1]:]
			} else {
				cell = cell[:m[0]]
			}
		}
		if p := r.mark(PersonalName, begin, begin+len(cell)); isName(p.Text, v) {
			out = append(out, candidate{text: p.Text, span: p.Span, score: score})
		}
	}
	if i+1 < len(rows) && len(r.cells) == 1 && !strings.Contains(r.text, " ") && len(rows[i+1].cells) == 1 && alike(r, &rows[i+1]) {
		if both := r.text + " " + rows[i+1].text; len(strings.Fields(both)) <= 3 && isName(both, v) {
			out = append(out, candidate{text: r.text + "\n" + rows[i+1].text, span: [2]int{r.Start, rows[i+1].End}, score: 1})
		}
	}
	return out
}

// alike is true for two rows below one another that can be one name: about as tall, as far as the letters in them let that be seen.
func alike(a, b *row) bool {
	low, high := min(a.height(), b.height()), max(a.height(), b.height())
	return low > 0 && low >= 0.7*high && b.BBox[1]-a.BBox[3] < high
}

// nameScore says how much speaks for a candidate in row i.
func nameScore(r *row, i int, text string, local []string, tallest float64) int {
	score := 0
	switch {
	case i == 0:
		score += 3
	case i < headRows:
		score++
	}
	if r.height() > 0 && r.height() >= 0.95*tallest {
		score += 3
	} else if tallest > 0 && r.height() < 0.5*tallest {
		score--
	}
	if r.heading == 1 {
		score += 2
	}
	spelled := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa").Replace(norm.NFC.String(strings.ToLower(text)))
	words := strings.FieldsFunc(latin(text)+" "+latin(spelled), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, l := range local {
		for _, w := range words {
			if len(w) > 2 && strings.Contains(l, w) {
				return score + 3
			}
		}
	}
	return score
}

// latin folds a text, and spells out what folding leaves.
func latin(s string) string {
	return strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "æ", "ae", "œ", "oe", "đ", "d", "ı", "i").Replace(fold(s))
}

// nameParts are small words in names.
var nameParts = foldedSet(`de da do dos das di del della von van der den ter ten le la el al bin ibn y e zu zur af av mc mac st`)

// notNames are words that stand alone at the top of resumes and are no one's name, folded.
var notNames = foldedSet(`resume cv curriculum vitae lebenslauf page updated last confidential portfolio sample template example draft phone email mobile tel address web website linkedin github
	contact details information personal profile photo university college institute street road city company present`)

// isName is true for a text that can be a person's name: two to five words that begin with capitals, or two to four Chinese characters.
func isName(s string, v *vocabulary) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 45 || strings.Count(s, " ") > 4 || hasTitleWord(s) || hasOrgWord(s) || isPlace(s) {
		return false
	}
	if _, ok := headingKind(s, v); ok {
		return false
	}
	if hasHan(s) {
		n := 0
		for _, r := range s {
			switch {
			case unicode.Is(unicode.Han, r) || r == '·':
				n++
			case r != ' ':
				return false
			}
		}
		return n >= 2 && n <= 4
	}
	words := strings.Fields(s)
	if len(words) > 5 {
		return false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		f := fold(strings.Trim(w, ".'"))
		cased := unicode.IsUpper(first) || unicode.IsLetter(first) && !unicode.IsLower(first) || nameParts[f]
		if !cased || notNames[f] || strings.ContainsFunc(norm.NFC.String(w), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune("-.'’`\"“”„", r)
		}) {
			return false
		}
	}
	return len(words) > 1 || n > 3 && !slices.Contains([]string{"home", "about"}, fold(s))
}
