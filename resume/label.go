package resume

import (
	"slices"
	"strings"
)

// label is what a word before a colon says of what follows it.
type label byte

const (
	labelTitle label = iota + 1
	labelOrg
	labelPlace
	labelDate
	labelElse // what a form asks for besides
)

// labels are the words of forms and of the heads of tables, folded.
var labels = labelTable(map[label]string{
	labelTitle: `title|job title|occupation or position held|occupation|beruf oder funktion|fonction ou poste occupe|profesion o cargo desempenado|funcao ou cargo ocupado|tipo di impiego|
		position|position held|role|job role|designation|job|post|poste|poste occupe|fonction|intitule du poste|emploi|stelle|funktion|tatigkeit|berufsbezeichnung|rolle|puesto|cargo|rol|
		funcao|funzione|ruolo|mansione|posizione|qualifica|lavoro o posizione ricoperti|functie|functietitel|rol|职位|岗位|职务|職位|職稱|职称|担任职务|תפקיד|المسمى الوظيفي|المنصب|الوظيفة`,
	labelOrg: `company|company name|name and address of employer|name und adresse des arbeitgebers|nom et adresse de l'employeur|nombre y direccion de la empresa|
		nome e endereco do empregador|nome e indirizzo del datore di lavoro|name of employer|employer|organization|organisation|client|customer|firm|institution|entreprise|societe|employeur|organisme|firma|unternehmen|arbeitgeber|kunde|betrieb|empresa|compania|cliente|
		organizacion|azienda|datore di lavoro|societa|bedrijf|werkgever|organisatie|公司|单位|公司名称|工作单位|企业|單位|公司名稱|חברה|מעסיק|الشركة|جهة العمل`,
	labelPlace: `location|place|city|ort|standort|lieu|ville|localisation|ubicacion|lugar|ciudad|local|localizacao|luogo|sede|plaats|locatie|地点|地點|工作地点|city/country|מיקום|الموقع|المكان`,
	labelDate: `date|dates|duration|period|time|timeframe|time period|tenure|when|from/to|years|year|employment period|zeitraum|dauer|datum|jahr|von/bis|von - bis|beschaftigungszeitraum|periode|dates d'emploi|duree|fecha|fechas|periodo|
		duracion|data|datas|durata|duur|时间|時間|期间|期間|日期|起止时间|תאריכים|תקופה|الفترة|المدة|التاريخ`,
	labelElse: `type of business or sector|sector|industry|main activities and responsibilities|department|branche|tatigkeitsbereich oder branche|wichtigste tatigkeiten und zustandigkeiten|abteilung|
		type ou secteur d'activite|principales activites et responsabilites|secteur|secteur d'activite|tipo de empresa o sector|sector de actividad|funciones y responsabilidades principales|
		tipo di azienda o settore|tipo di attivita o settore|settore|principali mansioni e responsabilita|principali attivita e responsabilita|tipo de empresa ou sector|setor|
		principais atividades e responsabilidades|aard van het bedrijf|sector of branche`,
})

func labelTable(lists map[label]string) map[string]label {
	table := map[string]label{}
	for l, list := range lists {
		for w := range strings.SplitSeq(list, "|") {
			table[fold(strings.TrimSpace(w))] = l
		}
	}
	return table
}

// labelled gives the label that a text begins with and what follows it.
func labelled(s string) (label, string) {
	head, rest, ok := strings.Cut(s, ":")
	if !ok {
		head, rest, ok = strings.Cut(s, "：")
	}
	if !ok || len(head) > 60 {
		return 0, s
	}
	if bracket := strings.IndexByte(head, '('); bracket > 0 {
		head = head[:bracket] // "Dates (from – to)"
	}
	l := labels[fold(strings.TrimSpace(head))]
	if l == 0 {
		return 0, s
	}
	return l, strings.TrimSpace(rest)
}

// labelCells writes the rows of a form, whose first cell labels the second, with a colon: "Employer:  Acme".
func labelCells(rows []row, body int) []row {
	out := rows
	for i := body; i < len(rows); i++ {
		cells := rows[i].cells
		if len(cells) != 2 {
			continue
		}
		head := strings.TrimSpace(strings.TrimRight(unbullet(cells[0]), " :："))
		if l, rest := labelled(head + ":"); l == 0 || rest != "" {
			continue
		}
		if l, rest := labelled(cells[1] + ":"); l != 0 && rest == "" {
			continue // the head of a table
		}
		if &out[0] == &rows[0] {
			out = slices.Clone(rows)
		}
		out[i].cells = []string{head + ": " + cells[1]}
		out[i].text = out[i].cells[0]
	}
	return out
}
