package skill

// StatusDemonstrated is a claim that a finished milestone with evidence stands behind. Only a person's rejection outranks it.
const StatusDemonstrated Status = "demonstrated"
