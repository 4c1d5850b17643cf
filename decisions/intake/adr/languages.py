"""What people call standings and the parts of a decision in languages other than English.

German, French, Spanish, Portuguese, Italian and Dutch. A standing is led to the English word that it means, so that
"akzeptiert" and "accepted" are one; a word that is not here stays as it stands.
"""

STATUS = ("statut", "état", "etat", "zustand", "estado", "stato", "situação")
DATE = (
    *("datum", "entscheidungsdatum", "beschlossen-am", "entschieden-am", "fecha", "fecha-de-decisión"),
    *("date-de-décision", "date-de-la-décision", "data-da-decisão", "data-della-decisione", "besluitdatum"),
)
BARE_DATE = ("data",)
"""Labels that mean a date in one language and something else in another: they count where a date is all they say."""
UPDATED = ("zuletzt-aktualisiert", "stand", "dernière-mise-à-jour", "mis-à-jour-le", "última-actualización")
CREATED = ("erstellt", "erstellt-am", "créé-le", "creado", "criado-em", "creato-il")

STANDINGS = {
    r"akzeptiert|angenommen|beschlossen|genehmigt|accept[ée]e?s?|approuvée?|aceptad[oa]|aprobad[oa]"
    r"|aceit[oae]|aprovad[oa]|accettat[oa]|approvat[oa]|geaccepteerd|goedgekeurd": "accepted",
    r"vorgeschlagen|vorschlag|propos[ée]e?|propuest[oa]|propost[oa]|voorgesteld|voorstel": "proposed",
    r"entwurf|brouillon|borrador|rascunho|bozza|concept": "draft",
    r"abgelehnt|verworfen|rejet[ée]e?|refus[ée]e?|rechazad[oa]|rejeitad[oa]|respint[oa]|rifiutat[oa]|afgewezen": (
        "rejected"
    ),
    r"veraltet|überholt|déprécié?e?|obsolète": "deprecated",
    r"ersetzt|abgelöst|remplacée?|reemplazad[oa]|sustituid[oa]|substituíd[oa]|sostituit[oa]|vervangen": "superseded",
    r"umgesetzt|implémentée?|implementad[oa]|implementat[oa]": "implemented",
    r"entschieden|décidée?|decidid[oa]|decis[oa]": "decided",
    r"adoptée?|adoptad[oa]|adottat[oa]": "adopted",
    r"ausstehend|en attente|pendiente|pendente": "pending",
    r"in bearbeitung|en cours|en progreso|em andamento": "in-progress",
    r"zurückgezogen|retirée?": "withdrawn",
}
REPLACED_BY = (
    r"(?:ersetzt|abgelöst)\s+durch|remplacée?\s+par|(?:reemplazad[oa]|sustituid[oa]|substituíd[oa])\s+por"
    r"|sostituit[oa]\s+da|vervangen\s+door"
)
REPLACES = r"ersetzt(?!\s+durch)(?=\s+(?:m?adr\b|\[|#?\d))|remplace\b|reemplaza\b|sustituye\b|substitui\b|sostituisce\b"

PARTS = {
    "context": "kontext|ausgangslage|problemstellung|contexte|contexto|contesto|aanleiding",
    "decision": "entscheidung|beschluss|décision|decisión|decisão|decisione|besluit|beslissing",
    "consequences": "konsequenzen|folgen|auswirkungen|conséquences|consecuencias|consequências|conseguenze|gevolgen",
    "options": "alternativen|optionen|betrachtete-alternativen|alternatives|alternativas|opciones|opções|alternative",
}
