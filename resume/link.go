package resume

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Forms of addresses on the web. A name without a scheme, "www." or a path is an address only where people put theirs, since employers and
// frameworks are named like that too.
var (
	schemeLink = regexp.MustCompile(`(?i)\bhttps?:\s?//[^\s<>"“”，、。；（）【】|]+`)
	bareLink   = regexp.MustCompile(`(?:www\.)?(?:[\pL\d](?:[\pL\d-]*[\pL\d])?\.)+([\pL]{2,13})(?:/[^\s<>"“”，、。；（）【】|]*)?`)
	linkTail   = regexp.MustCompile(`^[\w\-./%=&?#~+]+$`)
	handle     = regexp.MustCompile(`(?i)(?:^|[\s|•·(,;])(linked\s?in|git\s?hub|gitlab|bitbucket|twitter|xing|skype|telegram|whatsapp|wechat|weixin|微信号?|qq|weibo|微博|知乎|medium|stack\s?overflow|instagram|facebook|quora|mastodon|discord|kaggle|leetcode|behance|dribbble|orcid)` +
		`\s*(?:id|号|profile)?\s*(?::\s?/{0,2}|：|//|@)\s*@?([\pL\d][\pL\d_.\-/]{1,60})`)
)

// topLevels are the ends of bare addresses that are read. Ends that files and libraries have as well are left out.
var topLevels = foldedSet(`com org net io dev me de fr es it nl cn ai app co tech info eu uk ch at be pt br in edu gov page site online xyz blog cloud design us ca tv gg ly id website
	space pro name biz academy agency digital studio software systems engineer engineering works codes zone tw hk jp kr sg au nz ie se no dk fi pl cz gr tr ro hu il za mx ar cl work art
	photography consulting solutions live life world link bio social fyi wiki land run mobi lu cat ly vc`)

// profileHosts are where people have pages of their own, so an address there is personal wherever it stands.
var profileHosts = []string{
	"linkedin.com/in", "linkedin.com/pub", "xing.com/profile", "twitter.com/", "x.com/", "facebook.com/", "instagram.com/", "t.me/", "stackoverflow.com/users",
	"medium.com/@", "behance.net/", "dribbble.com/", "kaggle.com/", "orcid.org/", "scholar.google.", "leetcode.com/", "zhihu.com/people", "weibo.com/", "calendly.com/",
}

// findLinks finds the addresses on the web in rows. contact tells for a row whether people put their own address there.
func findLinks(rows []row, contact func(i int) bool) (links []Link, personal []Personal) {
	for i := range rows {
		if len(rows[i].text) > maxLine {
			continue
		}
		before := len(links)
		for _, at := range linksIn(rows[i].text, contact(i)) {
			text := rows[i].text[at[0]:at[1]]
			end := rows[i].Start + utf8.RuneCountInString(rows[i].text[:at[1]])
			if at[1] == len(rows[i].text) && strings.ContainsAny(text[len(text)-1:], "/-_=?&") && i+1 < len(rows) && !rows[i+1].apart {
				next, _, more := strings.Cut(rows[i+1].text, " ")
				if first, _ := utf8.DecodeRuneInString(next); linkTail.MatchString(next) && (!more && !unicode.IsUpper(first) || text[len(text)-1] == '-' || strings.ContainsAny(next, "0123456789/_")) {
					next = strings.TrimRight(next, ".")
					text += next // it goes on in the next line
					end = rows[i+1].Start + utf8.RuneCountInString(next)
				}
			}
			span := [2]int{rows[i].Start + utf8.RuneCountInString(rows[i].text[:at[0]]), end}
			url := withScheme(text)
			links = append(links, Link{URL: url, Span: span})
			if contact(i) || isProfile(url) {
				personal = append(personal, Personal{Kind: PersonalLink, Text: text, Span: span})
			}
		}
		if contact(i) {
			personal = append(personal, handlesIn(&rows[i], links[before:])...)
		}
	}
	return links, personal
}

// maxLine is how many bytes of a row are looked at for contact data: a longer one is no line that a person wrote.
const maxLine = 4000

// linksIn gives the bytes of the addresses in a text.
func linksIn(s string, contact bool) [][2]int {
	if !mayLink(s) {
		return nil
	}
	var out [][2]int
	for _, m := range schemeLink.FindAllStringIndex(s, -1) {
		if end := m[0] + len(trimLink(s[m[0]:m[1]])); end > m[0]+len("http://x") {
			out = append(out, [2]int{m[0], end})
		}
	}
	for _, m := range bareLink.FindAllStringSubmatchIndex(s, -1) {
		text := trimLink(s[m[0]:m[1]])
		end := m[0] + len(text)
		if inside(out, m[0]) || m[0] > 0 && strings.ContainsAny(s[m[0]-1:m[0]], "@/_") || strings.HasPrefix(s[m[1]:], "@") || strings.HasPrefix(s[end:], "@") {
			continue
		}
		if before, _ := utf8.DecodeLastRuneInString(s[:m[0]]); m[0] > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || before == '.') && !unicode.Is(unicode.Han, before) {
			continue
		}
		host, _, path := strings.Cut(text, "/")
		dot := strings.LastIndexByte(host, '.')
		if dot < 0 || !topLevels[strings.ToLower(host[dot+1:])] && !strings.HasPrefix(strings.ToLower(host), "www.") || !strings.ContainsFunc(host[:dot], unicode.IsLetter) {
			continue
		}
		lower := strings.ToLower(text) == text || strings.ToUpper(text) == text && path
		if strings.HasPrefix(strings.ToLower(text), "www.") || path && len(host) > 5 && strings.ToLower(host[dot:]) == host[dot:] || contact && lower && len(host[:dot]) > 1 {
			out = append(out, [2]int{m[0], end})
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	return out
}

// mayLink is true for a text with a point between letters or digits.
func mayLink(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '.' && s[i-1] > ' ' && (s[i+1]|0x20 >= 'a' && s[i+1]|0x20 <= 'z' || s[i+1] >= utf8.RuneSelf) {
			return true
		}
	}
	return false
}

func inside(spans [][2]int, at int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return at >= s[0] && at < s[1] })
}

// trimLink takes off what ends a sentence or a bracket and not an address.
func trimLink(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?'’\"*_·•")
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(t, pair[1:]) && strings.Count(t, pair[:1]) < strings.Count(t, pair[1:]) {
				t = t[:len(t)-1]
			}
		}
		if t == s {
			return s
		}
		s = t
	}
}

// withScheme completes an address as a browser would, and takes out the space that a PDF can have behind the scheme.
func withScheme(s string) string {
	scheme, rest, ok := strings.Cut(s, "//")
	if !ok || !strings.HasPrefix(strings.ToLower(scheme), "http") {
		return "https://" + s
	}
	return strings.ToLower(strings.TrimSpace(strings.ReplaceAll(scheme, " ", ""))) + "//" + rest
}

func isProfile(url string) bool {
	_, bare, _ := strings.Cut(strings.ToLower(url), "//")
	bare = strings.TrimPrefix(bare, "www.")
	if host, path, ok := strings.Cut(bare, "/"); ok && (host == "github.com" || host == "gitlab.com") {
		return path != "" && !strings.Contains(strings.TrimRight(path, "/"), "/")
	}
	return slices.ContainsFunc(profileHosts, func(h string) bool {
		return strings.HasPrefix(bare, h) || strings.Contains(bare, ".linkedin.com/in") && h == "linkedin.com/in"
	})
}

// handlesIn finds names on a network that are not written as an address: "GitHub: jdoe".
func handlesIn(r *row, links []Link) []Personal {
	var out []Personal
	for _, m := range handle.FindAllStringSubmatchIndex(r.text, -1) {
		start := r.Start + utf8.RuneCountInString(r.text[:m[4]])
		text := strings.TrimRight(r.text[m[4]:m[5]], ".-/")
		if strings.HasPrefix(text, "http") || strings.HasPrefix(text, "www.") || slices.ContainsFunc(links, func(l Link) bool { return start >= l.Span[0] && start < l.Span[1] }) {
			continue
		}
		out = append(out, Personal{Kind: PersonalLink, Text: text, Span: [2]int{start, start + utf8.RuneCountInString(text)}})
	}
	return out
}
