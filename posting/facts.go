package posting

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What titles say of seniority; the first that fits counts. Staff and lead are also words of other trades.
var titleSeniority = []struct {
	level   string
	stems   []string // of which each alternative of the pattern holds one
	pattern *regexp.Regexp
}{
	{"", []string{"staff", "lead", "senior"}, regexp.MustCompile(`(?i)\b(staff (accountant|nurse|writer|attorney|photographer|pharmacist|assistant)|chief of staff|lead (generation|gen)|leads? manager|senior (care|living))\b`)},
	{"lead", []string{"lead", "head", "director", "vp", "vice", "cto", "chief", "manager", "leit", "responsable", "jefe"}, regexp.MustCompile(`(?i)(\b(lead|teamlead|tech ?lead|head of|director|vp|vice president|cto|chief|engineering manager|teamleiter(in)?|leiter(in)?|leitung)\b|\bresponsable\b|\bjefe\b|\bteamleitung\b)`)},
	{"staff", []string{"staff", "principal", "distinguished", "fellow"}, regexp.MustCompile(`(?i)\b(staff|principal|distinguished|fellow)\b`)},
	{"senior", []string{"senior", "sr", "snr", "experienced", "expert", "iii", "iv", "expérimenté", "sénior"}, regexp.MustCompile(`(?i)(\b(senior|sr\.?|snr|experienced|expert|iii|iv)(\W|$)|\bexpérimenté|\bsénior)`)},
	{"junior", []string{"junior", "jr", "entry", "graduate", "intern", "trainee", "apprentice", "werkstudent", "prakti", "stag", "alternance", "ausbildung", "becari", "prácticas", "débutant"}, regexp.MustCompile(`(?i)(\b(junior|jr\.?|entry[ -]level|graduate|intern|internship|trainee|apprentice|werkstudent(in)?|praktikant(in)?|praktikum|stage|stagiaire|alternance|ausbildung|becari[oa]|prácticas|débutant)(\W|$))`)},
	{"mid", []string{"mid", "inter", "medior", "ii", "confirmé"}, regexp.MustCompile(`(?i)\b(mid|mid[ -]?level|intermediate|medior|ii|confirmé)\b`)},
}

var (
	yearsAsked = regexp.MustCompile(`(?i)\b(\d{1,2})\s?(?:\+|plus)?\s?(?:(?:-|–|to|bis|à|a)\s?\d{1,2}\s?\+?\s?)?(?:years?|yrs?|jahren?|ans|années|años|anni|jaar|anos)['’]?\s(?:of |in |de |d['’]|an )?(?:[\p{L}/-]+ ){0,4}?(?:experience|erfahrung|berufserfahrung|expérience|experiencia|esperienza|ervaring|experiência)`)
	notRemote  = regexp.MustCompile(`(?i)(\b(no|not|non|kein|without) (a )?(fully )?remote\b|\bremote (work )?(is )?not (possible|available|an option)|\bno telework|\b(on-?site|in-office) only\b|\b100 ?% (on-?site|vor ort|in office)|\bnicht remote\b|\bremote[: ]+no\b)`)
	hybrid     = regexp.MustCompile(`(?i)(\bhybrid\b(?: (?:work|working|model|role|position|set-?up|schedule|policy|office|team|remote|arbeit\w*|-?modell))|\b(work|working|location|workplace|arbeitsmodell)[^.\n]{0,20}\bhybrid\b|\bhybrid\s?[,(|/]|[,(|/]\s?hybrid\b|\b(\d|one|two|three|four|zwei|drei) (days?|tage?)[^.\n]{0,25}\b(in (the|our) office|on-?site|im büro|from home|remote|home ?office)\b|\btélétravail partiel\b|\bteletrabajo parcial\b)`)
	fullRemote = regexp.MustCompile(`(?i)(\b(fully|100 ?%|completely|entirely|permanently|full|vollständig|komplett) ?-?remote\b|\bremote[- ](first|only|friendly|position|role|job|work|within|from|in|anywhere|possible|option\w*|ok)\b|\bwork from (anywhere|home)\b|\b(is|are|be|work|works|working) remote(ly)?\b|\b100 ?% (télétravail|teletrabajo|homeoffice)\b|\bfull télétravail\b|\btélétravail complet\b|\bremote[: ]+yes\b|\blocation: ?remote\b|\bdistributed team\b)`)
	onSite     = regexp.MustCompile(`(?i)(\b(this|the) (role|position|job) is (an? )?(on-?site|in-?office|office-based)|\bon-?site (role|position|job)\b|\boffice-based\b|\bin-person (role|position)\b|\bvor ort in\b|\bfive days (a|per) week in (the|our) office\b|\bworkplace: on-?site\b)`)
	remoteWord = regexp.MustCompile(`(?i)\b(remote|anywhere|worldwide|télétravail|teletrabajo|telecommute|home ?office|work from home|wfh)\b`)
	hybridWord = regexp.MustCompile(`(?i)\bhybrid(e|o)?\b`)
	onsiteWord = regexp.MustCompile(`(?i)\b(on-?site|in-?office|in person)\b`)
	placeLabel = regexp.MustCompile(`(?im)^[\s*•-]*(?:location|locations|office location|job location|work location|standort|arbeitsort|lieu|localisation|ubicación|lugar|sede|locatie|localização|lokalizacja)\s*[:–—-]\s*(\S[^\n]{1,79})$`)
	basedIn    = regexp.MustCompile(`\b(?:based|located|office) (?:in|out of) (?:the |our )?((?:\p{Lu}[\p{L}.'-]+)(?: \p{Lu}[\p{L}.'-]+){0,2}(?:, \p{Lu}[\p{L}.'-]+(?: \p{Lu}[\p{L}.'-]+)?)?)`)
)

// Seniority reads the level that a posting is for: its title's words, or the years of experience that its text asks for at least (under 2 are
// junior, under 5 mid). It is "" where neither says.
func Seniority(title, text string) string {
	lower := strings.ToLower(title)
	for _, t := range titleSeniority {
		if has(lower, t.stems...) && t.pattern.MatchString(title) {
			if t.level == "" {
				break
			}
			return t.level
		}
	}
	most := -1
	for line := range strings.Lines(text) {
		if !strings.ContainsAny(line, "0123456789") || !has(strings.ToLower(line), "experience", "erfahrung", "expérience", "experiencia", "esperienza", "ervaring", "experiência") {
			continue
		}
		for _, m := range yearsAsked.FindAllStringSubmatch(line, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil && n <= 15 {
				most = max(most, n)
			}
		}
	}
	switch {
	case most < 0:
		return ""
	case most < 2:
		return "junior"
	case most < 5:
		return "mid"
	default:
		return "senior"
	}
}

// Remote reads whether one can work from elsewhere: no, hybrid, yes, or "" where neither the place nor the title nor the text says so.
func Remote(title, location, text string) string {
	for _, s := range []string{location, title} {
		if !has(strings.ToLower(s), "remote", "hybrid", "site", "office", "person", "anywhere", "worldwide", "télétravail", "tele", "home", "wfh", "vor ort") {
			continue
		}
		switch {
		case notRemote.MatchString(s):
			return "no"
		case hybridWord.MatchString(s):
			return "hybrid"
		case remoteWord.MatchString(s):
			return "yes"
		case onsiteWord.MatchString(s):
			return "no"
		}
	}
	const never, some, always, here = 0, 1, 2, 3
	var said [4]bool
	for line := range strings.Lines(text) {
		lower := strings.ToLower(line)
		distant := has(lower, "remote", "anywhere", "from home", "télétravail", "teletrabajo", "telework", "distributed", "homeoffice", "home office")
		office := has(lower, "hybrid", "office", "onsite", "on-site", "büro", "in-person", "vor ort")
		if !distant && !office {
			continue
		}
		// Each pattern is tried where a word stands that it cannot do without, and no more where one that counts before it has fitted.
		said[never] = said[never] || (distant && has(lower, "no", "nicht", "kein", "without") || has(lower, "only", "100")) && notRemote.MatchString(line)
		said[some] = said[some] || has(lower, "hybrid", "day", "tag", "partiel", "parcial") && hybrid.MatchString(line)
		said[always] = said[always] || !said[some] && distant && fullRemote.MatchString(line)
		said[here] = said[here] || !said[some] && !said[always] && office && onSite.MatchString(line)
	}
	switch {
	case said[never]:
		return "no"
	case said[some]:
		return "hybrid"
	case said[always]:
		return "yes"
	case said[here]:
		return "no"
	}
	return ""
}

func has(s string, list ...string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// Location reads where the work is from a line that is labelled so, or from the words "based in". It is "" where the text does not say.
func Location(text string) string {
	for line := range strings.Lines(text) {
		if i := strings.IndexAny(line, ":–—-"); i < 0 || len(line) > 130 {
			continue
		}
		if m := placeLabel.FindStringSubmatch(line); m != nil {
			return strings.TrimRight(strings.TrimSpace(m[1]), ".;,")
		}
	}
	if !strings.Contains(text, "based ") && !strings.Contains(text, "located ") && !strings.Contains(text, "office ") {
		return ""
	}
	if m := basedIn.FindStringSubmatch(text); m != nil && utf8.RuneCountInString(m[1]) > 2 {
		return strings.TrimRight(m[1], ".,")
	}
	return ""
}
