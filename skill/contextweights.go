package skill

// contextWeights are the weights of the features, in log-odds. `make fit-context` fits them to the labelled contexts of testdata/ambiguous.tsv
// by logistic regression with a normal prior; the prior mean, which was set by hand against the false hits that were counted in real resumes (verbs,
// places, companies), stands behind each.
var contextWeights = features{
	featBias:            -1.22, // -1.2
	featLetter:          -1.16, // -0.6
	featCase:            0.27,  // 1
	featLower:           -3.36, // -2.2
	featCapsAlone:       -0.55, // 0
	featCapsAmong:       -0.04, // 0.3
	featNoCase:          -0.11, // 0
	featSentenceStart:   -1.17, // -0.8
	featCue:             3.13,  // 1.6
	featKin:             1.14,  // 0.8
	featNotCue:          -5.18, // -5
	featNotPhrase:       -4.77, // -8
	featListProduct:     1.71,  // 2.2
	featListOther:       2.17,  // 2.2
	featListCue:         0.41,  // 1
	featRun:             0.71,  // 1
	featRunLong:         1.63,  // 1.5
	featLowerAmong:      1.70,  // 1.5
	featItem:            -0.45, // 0.3
	featAlone:           1.02,  // 1
	featNear:            -0.63, // 0.7
	featNamed:           1.53,  // 1
	featRepeated:        0.90,  // 1
	featSkillsSection:   1.60,  // 1.6
	featPersonSection:   -1.00, // -1
	featLabel:           1.80,  // 1.6
	featUsedWith:        1.91,  // 1.1
	featHeadNoun:        3.44,  // 2
	featProperNeighbour: -2.14, // -1.4
	featHyphen:          -2.50, // -2.5
	featGrammar:         -2.23, // -1.6
	featGoesOn:          -0.74, // -1.5
	featAt:              -2.10, // -2
	featOrganisation:    -2.51, // -2.5
	featPlace:           -2.50, // -2.5
}
