package resume

// FindDate is findDate: the start, the end and the text of the first time in s.
func FindDate(s string) (start, end, text string, ok bool) {
	d, ok := findDate(s)
	if !ok {
		return "", "", "", false
	}
	return d.start, d.end, s[d.from:d.to], true
}

// HeadingKind is headingKind.
func HeadingKind(s string) (SectionKind, bool) { return headingKind(s, headingVocabulary()) }
