package posting

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Print is what a posting is compared by: a SimHash of its text (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", 2002)
// over shingles of three words, and the keys under which it meets others of its company: one of its title, and one of each quarter of the
// SimHash with the level that its title names.
type Print struct {
	SimHash uint64
	Near    []int64
}

// How far two SimHashes of postings that say the same may be apart, of 64 bits. Texts that share four fifths of their shingles are some 9 apart,
// unrelated ones 32 and more than 18 in all but a few of a thousand pairs.
const (
	SameTitleBits = 10 // of the same title
	SameTextBits  = 5  // of titles that share half of their words
)

const (
	shingle = 3 // words
	bands   = 4
)

var (
	companyTail  = regexp.MustCompile(`(?i)[\s,]+(inc|ltd|llc|gmbh|ag|se|sa|sas|sarl|bv|nv|plc|corp|corporation|company|co|limited|group|oy|ab|as|aps|spa|srl|kg|ug|gmbh & co kg|e\.?v)\.?$`)
	companyTails = strings.Fields("inc ltd llc gmbh ag se sa sas sarl bv nv plc corp corporation company co limited group oy ab as aps spa srl kg ug ev e.v") // its last words
	genderMark   = regexp.MustCompile(`(?i)[(\[]?\b[mwfdxhi]\s?[/|]\s?[mwfdxhi](\s?[/|]\s?[mwfdxhi*]|\s?[/|]\s?div\w*)?\b[)\]]?|\((all genders|gn|m/w|h/f)\)|[:*_]in(nen)?\b|/-?in\b`)
	levelWords   = map[string]string{
		"senior": "senior", "sr": "senior", "junior": "junior", "jr": "junior", "lead": "lead", "staff": "staff", "principal": "principal", "intern": "intern", "internship": "intern",
		"head": "head", "director": "director", "i": "1", "ii": "2", "iii": "3", "iv": "4", "1": "1", "2": "2", "3": "3", "4": "4", "trainee": "intern", "graduate": "junior",
		"werkstudent": "intern", "mid": "mid", "manager": "manager", "vp": "vp", "associate": "associate",
	}
)

// PrintOf is the print of a posting.
func PrintOf(p *Posting) Print {
	company := companyKey(p.Company)
	words, level := titleWords(p.Title)
	out := Print{SimHash: simHash(p.Description), Near: make([]int64, 0, 1+bands)}
	out.Near = append(out.Near, key("title", company, strings.Join(words, " "), level))
	for i := range bands {
		band := out.SimHash >> (64 / bands * i) & 0xffff
		out.Near = append(out.Near, key("band"+string(rune('0'+i)), company, string(rune(band>>8))+string(rune(band&0xff)), level))
	}
	return out
}

// SameJob tells whether two postings with prints that many bits apart, which met under a key, are the same job. Texts that say the same for two
// places are two jobs.
func SameJob(titleA, placeA, titleB, placeB string, apart int) bool {
	if apart > SameTitleBits || !samePlace(placeA, placeB) {
		return false
	}
	a, levelA := titleWords(titleA)
	b, levelB := titleWords(titleB)
	if levelA != levelB {
		return false
	}
	shared := 0
	for _, w := range a {
		if _, found := slices.BinarySearch(b, w); found {
			shared++
		}
	}
	union := len(a) + len(b) - shared
	return shared == union || apart <= SameTextBits && 2*shared >= union
}

// Apart is the number of bits in which two SimHashes differ.
func Apart(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// samePlace tells whether two places may be the same: one is unknown, or they begin with the same word.
func samePlace(a, b string) bool {
	a, b = firstPlace(a), firstPlace(b)
	return a == "" || b == "" || a == b
}

func firstPlace(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(s), ",")
	s, _, _ = strings.Cut(s, "(")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }), " ")
}

// companyKey is a company without its legal form.
func companyKey(s string) string {
	s = strings.TrimSpace(strings.ToLower(s))
	for range 2 {
		if last := s[strings.LastIndexAny(s, " \t\n,")+1:]; !slices.Contains(companyTails, strings.TrimSuffix(last, ".")) {
			break
		}
		s = strings.TrimSpace(companyTail.ReplaceAllString(s, ""))
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "")
}

// titleWords are the words of a title that name the work, in order of the alphabet, and those that name a level.
func titleWords(title string) (words []string, level string) {
	var levels []string
	title = strings.ToLower(title)
	if strings.ContainsAny(title, "/|(:*_") {
		title = genderMark.ReplaceAllString(title, " ")
	}
	for w := range strings.FieldsFuncSeq(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' }) {
		if l := levelWords[w]; l != "" {
			levels = append(levels, l)
		} else if !slices.Contains([]string{"remote", "hybrid", "the", "a", "of", "and", "in", "for", "und", "new", "urgent", "hiring"}, w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	slices.Sort(levels)
	return slices.Compact(words), strings.Join(slices.Compact(levels), " ")
}

// fnv is the 64-bit FNV-1a hash, which is the same in every process.
func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

const fnvStart = 14695981039346656037

func key(parts ...string) int64 {
	h := uint64(fnvStart)
	for _, p := range parts {
		h = fnv(fnv(h, p), "\x00")
	}
	return int64(mix(h)) //nolint:gosec // G115: the same bits
}

// mix spreads what differs over all bits (the finisher of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// simHash is the SimHash of a text.
func simHash(text string) uint64 {
	var count [64]int
	var recent [shingle]uint64
	n := 0
	word, inside := uint64(fnvStart), false
	add := func() {
		recent[n%shingle] = word
		if n++; n < shingle {
			return
		}
		h := uint64(fnvStart)
		for i := range shingle {
			h = mix(h ^ recent[(n+i)%shingle])
		}
		for b := range 64 {
			count[b] += int(h>>b&1)<<1 - 1
		}
	}
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			word, inside = (word^uint64(unicode.ToLower(r)))*1099511628211, true //nolint:gosec // G115: a rune is not negative
		} else if inside {
			add()
			word, inside = fnvStart, false
		}
	}
	if inside {
		add()
	}
	var out uint64
	for b, c := range count {
		if c > 0 {
			out |= 1 << b
		}
	}
	return out
}
