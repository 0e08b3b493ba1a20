package skill

// contextWeights are the weights of the features, in log-odds. `make fit-context` fits them to the labelled contexts of testdata/ambiguous.tsv
// by logistic regression with a normal prior; the prior mean, which was set by hand against the false hits that were counted in real resumes (verbs,
// places, companies), stands behind each.
var contextWeights = features{
	featBias:            -1.12, // -1.2
	featLetter:          -0.93, // -0.6
	featCase:            0.17,  // 1
	featLower:           -3.21, // -2.2
	featCapsAlone:       -0.57, // 0
	featCapsAmong:       -0.05, // 0.3
	featNoCase:          -0.11, // 0
	featOtherCase:       -1.22, // -1
	featPlural:          -1.23, // -1
	featSentenceStart:   -1.14, // -0.8
	featCue:             2.89,  // 1.6
	featKin:             1.06,  // 0.8
	featNotCue:          -5.41, // -5
	featNotPhrase:       -4.82, // -8
	featListProduct:     1.50,  // 2.2
	featListOther:       2.18,  // 2.2
	featListCue:         0.51,  // 1
	featRun:             0.76,  // 1
	featRunLong:         1.63,  // 1.5
	featLowerAmong:      1.69,  // 1.5
	featItem:            -0.36, // 0.3
	featAlone:           1.03,  // 1
	featNear:            -0.75, // 0.7
	featNamed:           1.55,  // 1
	featRepeated:        0.99,  // 1
	featSkillsSection:   1.60,  // 1.6
	featPersonSection:   -1.00, // -1
	featLabel:           1.80,  // 1.6
	featUsedWith:        2.17,  // 1.1
	featHeadNoun:        3.47,  // 2
	featProperNeighbour: -2.09, // -1.4
	featInitial:         -5.26, // -5
	featHyphen:          -2.50, // -2.5
	featGrammar:         -2.15, // -1.6
	featGoesOn:          -0.79, // -1.5
	featAt:              -2.19, // -2
	featOrganisation:    -2.72, // -2.5
	featPlace:           -2.50, // -2.5
}
