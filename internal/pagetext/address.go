package pagetext

import (
	"strings"
	"unicode"
)

// maxAddress bounds in bytes an address that is kept; longer ones are tracking.
const maxAddress = 300

// Address is what to write behind the words of a link so that its address stays in the text, such as " (https://example.org/jane)";
// "" where the words are the address already, or there is none that leads out of the document. Of mailto: and tel: the scheme is dropped.
func Address(words, href string) string {
	href = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == Break {
			return -1
		}
		return r
	}, href)
	lower := strings.ToLower(href)
	switch {
	case len(href) > maxAddress:
		return ""
	case strings.HasPrefix(lower, "mailto:"), strings.HasPrefix(lower, "tel:"):
		_, href, _ = strings.Cut(href, ":")
		href, _, _ = strings.Cut(href, "?")
	case strings.HasPrefix(lower, "https://"), strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "www."):
	default:
		return ""
	}
	bare := bareAddress(href)
	if bare == "" || strings.Contains(bareAddress(words), bare) || looksLikeAddress(words) {
		return ""
	}
	return " (" + href + ")"
}

// bareAddress is an address without what people leave out when they write it down.
func bareAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s = strings.TrimPrefix(s, "www.")
	s = strings.TrimSuffix(s, "/")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()\u00a0", r) {
			return -1 // the spaces of telephone numbers
		}
		return r
	}, s)
}

// looksLikeAddress is true for words that are an address, or the number or mailbox that the link stands for.
func looksLikeAddress(words string) bool {
	words = strings.TrimSpace(words)
	if words == "" || strings.ContainsAny(words, " \t\n") {
		return false
	}
	dot := strings.LastIndexByte(words, '.')
	return strings.Contains(words, "@") || strings.Contains(words, "://") || dot > 0 && dot < len(words)-2 && strings.ContainsRune(words, '/')
}
