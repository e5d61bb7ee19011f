/* cues.c - the phrases of western and northern Europe; cues_east.c and cues_world.c have the
 * others. To teach the extractor a phrase, add it to its language, in lower case, without the
 * punctuation behind, between "|". */
#include "cue.h"

/* clang-format off */
const struct cue_row cues_western[] = {
    /* English */
    {"en", CUE_FURNITURE, false,
        "got a story|more :|check out more of|our website is the place|like this story|related roundup|related:|click to|explore further|(reporting by|"
        "reporting by|additional reporting|editing by|writing by|with reports from|"
        "for the latest|do you want to be informed|submit your letter|suggested citation|"
        "this entry was posted|we recommend the|if you enjoyed|if you liked|you can view our|"
        "use code|tag:|advert|register / sign in|sign in to|access articles from|"
        "share your thoughts|get email updates|please bookmark|published in|write to|"
        "all fields are required|tell us what|more information:|provided by|citation:|view this|"
        "you can read|have you got|do you have a story|subscribe to|subscribe now|sign up for|"
        "sign up to|sign up here|share this|share on|share via|follow us|follow me on|"
        "click here to|click to share|read more:|read more about|read more at|read also:|"
        "also read:|also read|read next:|read the full|see also:|see more:|watch:|"
        "watch the video|watch video|listen to this|download our|download the app|get the latest|"
        "get our|leave a comment|log in to|login to|register to|create an account|we use cookies|"
        "this site uses cookies|this website uses cookies|all rights reserved|copyright ©|"
        "© copyright|join our|join the conversation|like us on|follow @|follow him on|"
        "follow her on|follow us on|most read|posted in|filed under|tags:|topics:|"
        "related article|related articles:|related stories:|related topics|more from|"
        "more on this|more:|advertisement|article continues below|story continues below|"
        "continue reading below|scroll down|support our|support independent|help us|"
        "become a member|donate to|your email address|enter your email|thanks for signing|"
        "thank you for signing|by signing up|by subscribing|you can unsubscribe|to read this|"
        "to continue reading|already a subscriber|already have an account|don't have an account|"
        "don't miss|skip to|back to top|view comments|view all|view gallery|show comments|"
        "load more|loading|please enable javascript|enable javascript|this content is hosted|"
        "your browser does not|recommended for you|you might also like|you may also like|"
        "you may be interested|what do you think|let us know in the comments|"
        "tell us in the comments|comment below|comments are closed|post a comment|add a comment|"
        "write a comment|reply to|report this|print this|email this|save this|copy link|"
        "link copied|get breaking news|want more|for more news|for more information, visit|"
        "for more stories|send us|have a tip|got a tip|contact the author|contact us|"
        "terms of use|privacy policy|cookie policy|sponsored|promoted|paid content|"
        "view this post on instagram|a post shared by|pic.twitter.com|"
        "this article was originally published|this story was originally published|"
        "originally published|this article first appeared|powered by|min read|minute read|"
        "estimated reading time|reading time|photo gallery|in this article|in this story|jump to|"
        "table of contents|play video|watch now|listen now|click here|take our|browse|"
        "find out more|learn more|learn more about|related video|trending now|trending:|"
        "editor's picks|editors' picks|next article|previous article|next post|previous post|"
        "next story|buy now|order now|shop now|manage your|published by|"
        "the conversation is now closed|top stories|latest news|discover more|view original|"
        "image source|image caption|getty images|shutterstock|facebook|twitter|whatsapp|linkedin|"
        "pinterest"},
    {"en", CUE_FURNITURE, true,
        "share|shares|tweet|print|email|comments|comment|save|advertising|ad|close|open|menu|"
        "search|more|next|previous|subscribe|sign up|sign in|log in|register|follow|newsletter|"
        "read more|continue reading|see more|show more|hide|reply|like|likes|copy|up next|video|"
        "gallery|photos|live|breaking|opinion|top|home|news|reddit|telegram|messenger|listen|"
        "play|transcript|tags|topics|credit|source|caption|toggle caption|hide caption|"
        "enlarge this image|sponsor message|sponsored content|paid partner content|thank you|"
        "success|sign up now|learn more|read full story|read the article|read story|play video|"
        "share this article|share article|share story|export|reprints|view comments|"
        "mentioned in this article|view image in fullscreen|promoted stories|from our partners|"
        "newsletter promotion|after newsletter promotion|about the author|about author|author|"
        "written by|story highlights|hotline"},
    {"en", CUE_RELATED, true,
        "related|related articles|related stories|related posts|related content|related links|"
        "related news|related topics|related coverage|related reading|related sources|"
        "useful links for further reading|useful links|further reading|more stories|more news|"
        "more from this section|more like this|more on this story|more on this topic|"
        "more coverage|recommended|recommended stories|recommended articles|recommended for you|"
        "you may also like|you might also like|you may also be interested in|also on|also read|"
        "see also|read next|read also|what to read next|most popular|most read|most viewed|"
        "popular stories|popular posts|trending|trending now|trending stories|latest|latest news|"
        "latest stories|latest articles|latest posts|top stories|editor's picks|editors' picks|"
        "don't miss|in case you missed it|in other news|other news|from the web|around the web|"
        "sponsored stories|sponsored links|elsewhere on the web|comments|leave a comment|"
        "leave a reply|join the conversation|discussion|share this|follow us|most commented|"
        "related video|related videos|external links|similar articles|similar posts|next up|"
        "up next|other stories|read more on|read more|keep reading|explore more|more in|"
        "more to explore|our latest|top news|today's top stories|must read|featured|"
        "featured stories|what others are reading|stories you may like|recent posts|"
        "recent articles|recent stories"},
    {"en", CUE_CAPTION, false,
        "photo:|photos:|photo by|photo credit|photograph:|photograph by|image:|images:|image by|"
        "image credit|image courtesy|picture:|pictures:|credit:|video:|file photo|file image|"
        "photo courtesy|courtesy of|illustration:|illustration by|photos by|images by|(photo|"
        "(image|(picture|(credit|graphic:|screenshot"},
    {"en", CUE_BYLINE, false,
        "show all articles of|view all posts by|view all articles by|more from|more by|about|"
        "posts by|all posts by|articles by|by|written by|words by|words:|text by|text:|story by|"
        "reporting by|report by|author:|authors:|posted by|published by|article by|reviewed by|"
        "from|opinion by|analysis by|interview by|by:|guest post by|additional reporting by|"
        "contributed by|submitted by|writer:|reporter:"},
    {"en", CUE_DATE, false,
        "published|published:|published on|posted|posted on|posted:|date:|publication date|"
        "first published|originally published|created|issued|released|on|release date|"
        "published at|publish date"},
    {"en", CUE_MODIFIED, false,
        "updated|updated:|updated on|last updated|last modified|modified|last update|"
        "last reviewed|edited|most recently updated|revised"},
    {"en", CUE_NOTICE, false,
        "this article was translated|this story was translated|this is a machine translation|"
        "read the original article|correction:|corrections:|clarification:|editor's note|editors' note|editor’s note|"
        "update:|this article has been corrected|this article has been amended|"
        "this article was amended|this story has been corrected|this story has been updated|"
        "an earlier version of this|a previous version of this|this article has been updated|"
        "correction (|corrected:|this piece has been updated|this post has been updated|"
        "amended on"},
    {"en", CUE_ROLE, false,
        "staff|staff writer|editor|correspondent|reporter|contributor|writer|senior|chief|"
        "director|photographer|editorial|admin|administrator|guest|special to|associated press|"
        "reuters|columnist|producer|freelance|associate|deputy|managing|assistant|political|"
        "business|sports|science|health|technology|world|national|news|editor-in-chief|webmaster|"
        "contributing|author|opinion"},
    {"en", CUE_SOURCE, false,
        "source:|sources:|via:|with agencies|with files from"},
    /* German */
    {"de", CUE_FURNITURE, false,
        "verwandte themen|weitere informationen|alle angaben ohne gewähr|schon gelesen|"
        "zum angebot|hier geht|die aktuelle ausgabe|quellenangaben|titelbild|lust auf mehr|"
        "wir laden sie|kontakt:|erschienen in|bildrechte|mehr zum thema|mehr dazu|mehr lesen|"
        "mehr erfahren|lesen sie auch|lesen sie hier|lesen sie mehr|lesen sie dazu|weiterlesen|"
        "jetzt abonnieren|jetzt lesen|jetzt anmelden|jetzt registrieren|newsletter|"
        "abonnieren sie|melden sie sich|folgen sie uns|teilen|auf facebook|auf twitter|"
        "auf whatsapp|per e-mail|artikel teilen|artikel drucken|drucken|kommentare|"
        "kommentar schreiben|kommentieren|diskutieren sie|zur startseite|zum thema|anzeige|"
        "werbung|alle rechte vorbehalten|wir verwenden cookies|an dieser stelle|an dieser stelle finden sie|"
        "dieser artikel erschien|dieser text erschien|dieser beitrag erschien|externen inhalt|"
        "externer inhalt|empfohlener externer inhalt|empfohlener redaktioneller inhalt|"
        "mit ihrem klick|hier klicken|hier können sie|quelle:|stand:|lesedauer|lesezeit|vorlesen|"
        "artikel anhören|zum video|video:|podcast:|audio:|sehen sie|schlagworte|themen:|"
        "auch interessant|das könnte sie auch interessieren|das könnte dich auch interessieren|"
        "passend dazu|dossier|hintergrund:|siehe auch|bitte melden sie|sie haben bereits|"
        "sie möchten|ich bin damit einverstanden|inhalt von|dieser inhalt|um diesen inhalt|"
        "mehr aus|alles zum|rechte am artikel|schicken sie|haben sie|jetzt kommentieren|"
        "zurück zur|zur übersicht|nächster artikel|vorheriger artikel|merken|gefällt mir|"
        "aktualisiert am|zum inhalt|datenschutz|impressum|jetzt testen|4 wochen|der tag in|"
        "bleiben sie informiert|©|copyright"},
    {"de", CUE_FURNITURE, true,
        "teilen|drucken|merken|mailen|kommentare|feedback|anzeige|werbung|themen|schlagwörter|"
        "mehr|weiter|zurück|schließen|suche|menü|abo|plus|video|bilder|fotostrecke|vorlesen|"
        "exklusiv|eilmeldung|abspielen|artikel merken|zur merkliste|empfehlen|tweet|pocket|"
        "flipboard|xing|e-mail|autor|zur person|über den autor|über die autorin|mehr anzeigen|"
        "hören|link kopieren"},
    {"de", CUE_RELATED, true,
        "mehr zum thema|zum thema|lesen sie auch|auch interessant|"
        "das könnte sie auch interessieren|das könnte dich auch interessieren|"
        "das könnte ihnen auch gefallen|weitere artikel|weitere themen|weitere nachrichten|"
        "ähnliche artikel|ähnliche beiträge|verwandte artikel|verwandte themen|meistgelesen|"
        "meist gelesen|am meisten gelesen|top-themen|aktuelle nachrichten|neueste artikel|"
        "mehr aus diesem ressort|mehr zu diesem thema|links zum thema|weiterführende links|"
        "mehr nachrichten|passend zum thema|unsere empfehlungen|empfehlungen der redaktion|"
        "empfehlungen|kommentare|schreiben sie einen kommentar|schreibe einen kommentar|"
        "hinterlasse einen kommentar|diskussion|newsletter|neue beiträge|beliebte artikel|"
        "beliebte beiträge|mehr artikel|aus dem netz|weitere beiträge|mehr lesen|mehr dazu|"
        "leserkommentare|teilen|auch lesenswert|jetzt lesen|weitere meldungen|mehr themen"},
    {"de", CUE_CAPTION, false,
        "titelbild:|abbildung:|abb.|foto:|fotos:|bild:|bilder:|bildquelle|quelle:|© |grafik:|"
        "symbolbild|archivbild|archivfoto|fotografie:|illustration:|credit:"},
    {"de", CUE_BYLINE, false,
        "mehr artikel von|alle artikel von|alle beiträge von|beitrag von|blog beitrag von|über|"
        "redaktion:|autorin|von|text:|text von|autor:|autorin:|autoren:|autoren|eingestellt von|erstellt von|veröffentlicht von|publiziert von|ein artikel von|"
        "ein kommentar von|ein gastbeitrag von|eine analyse von|ein interview von|interview von|"
        "interview:|aus|geschrieben von|verfasst von|ein bericht von|ein essay von|"
        "eine kolumne von|protokoll:|kommentar von|gastbeitrag von|aufgezeichnet von|"
        "eine reportage von|analyse von"},
    {"de", CUE_DATE, false,
        "datum|veröffentlicht|veröffentlicht am|publiziert|publiziert am|erschienen am|datum:|erstellt|"
        "erstellt am|stand:|vom|am|erstveröffentlichung|online seit"},
    {"de", CUE_MODIFIED, false,
        "aktualisiert|aktualisiert am|zuletzt aktualisiert|letzte aktualisierung|letztes update|"
        "geändert|update|bearbeitet|akt."},
    {"de", CUE_NOTICE, false,
        "dies ist eine maschinelle übersetzung|dieser artikel wurde maschinell|"
        "dieser artikel wurde automatisch|lest den originalartikel|lesen sie den originalartikel|"
        "korrektur:|anmerkung der redaktion|hinweis der redaktion|anm. d. red|"
        "in einer früheren version|in einer früheren fassung|berichtigung:|hinweis:|update:|"
        "transparenzhinweis|richtigstellung"},
    {"de", CUE_ROLE, false,
        "redaktion|redakteur|redakteurin|korrespondent|korrespondentin|reporter|reporterin|"
        "volontär|autor|autorin|chefredakteur|chefredakteurin|freier|freie|leiter|leiterin|"
        "ressortleiter|mitarbeiter|agenturen|dpa|afp|apa|sda"},
    {"de", CUE_SOURCE, false,
        "quelle:|quellen:|mit material von"},
    /* French */
    {"fr", CUE_FURNITURE, false,
        "lire aussi|à lire aussi|lire la suite|à lire|voir aussi|abonnez-vous|inscrivez-vous|"
        "s'abonner|s'inscrire|partager|suivez-nous|cliquez ici|recevez|newsletter|publicité|"
        "commentaires|tous droits réservés|nous utilisons des cookies|"
        "article réservé aux abonnés|cet article est réservé|déjà abonné|temps de lecture|"
        "écouter|voir la vidéo|en savoir plus|sur le même sujet|à découvrir|lecture du média|"
        "imprimer|envoyer par|retrouvez|la suite après cette publicité|contenus sponsorisés|"
        "vos réactions|réagir|connectez-vous"},
    {"fr", CUE_FURNITURE, true,
        "partager|imprimer|commenter|publicité|réagir|fermer|menu|vidéo|abonnés|envoyer|"
        "enregistrer|copier le lien|suivre|article abonné"},
    {"fr", CUE_RELATED, true,
        "lire aussi|à lire aussi|à lire également|sur le même sujet|sur le même thème|"
        "articles liés|articles similaires|les plus lus|les plus lues|à la une|voir aussi|"
        "dans la même rubrique|nos derniers articles|commentaires|plus d'articles|"
        "la rédaction vous conseille|à découvrir|vous aimerez aussi|contenus sponsorisés|"
        "pour aller plus loin|en savoir plus|les articles les plus lus|dernières actualités|"
        "sur ce sujet"},
    {"fr", CUE_CAPTION, false,
        "photo:|photo :|photo |crédit photo|crédit|crédits|© |illustration|image :|légende"},
    {"fr", CUE_BYLINE, false,
        "par|de|texte :|texte de|auteur :|propos recueillis par|écrit par|rédigé par|publié par|"
        "article de|un article de|posté par"},
    {"fr", CUE_DATE, false,
        "publié|publié le|paru le|mis en ligne le|créé le|date :|le|publiée le|posté le"},
    {"fr", CUE_MODIFIED, false,
        "mis à jour|mis à jour le|modifié|modifié le|actualisé|dernière mise à jour|mise à jour"},
    {"fr", CUE_NOTICE, false,
        "cet article a été traduit|correction :|rectificatif|précision :|note de la rédaction|erratum|ndlr"},
    {"fr", CUE_ROLE, false,
        "rédaction|rédacteur|rédactrice|journaliste|correspondant|correspondante|envoyé spécial|"
        "envoyée spéciale|rédacteur en chef|la rédaction|avec afp|auteur|chroniqueur"},
    {"fr", CUE_SOURCE, false,
        "source :|sources :|avec afp"},
    /* Spanish */
    {"es", CUE_FURNITURE, false,
        "lea también|lee también|leer más|leer también|te puede interesar|"
        "también te puede interesar|puede interesarle|ver más|más información|suscríbete|"
        "suscríbase|síguenos|compartir|comparte|comentarios|publicidad|"
        "todos los derechos reservados|utilizamos cookies|recibe|regístrate|inicia sesión|"
        "tiempo de lectura|escuchar|mira también|mirá también|ver también|seguir leyendo|"
        "sigue leyendo|haz clic|haga clic|únete|descarga|imprimir|temas relacionados|"
        "archivado en|etiquetas|el video|newsletter|boletín|más sobre|conocé|enterate|"
        "leé también|lee más|apúntate"},
    {"es", CUE_FURNITURE, true,
        "compartir|imprimir|comentar|publicidad|cerrar|menú|video|vídeo|guardar|enviar|"
        "copiar enlace|suscriptores|temas|etiquetas|tags"},
    {"es", CUE_RELATED, true,
        "lea también|lee también|te puede interesar|también te puede interesar|te recomendamos|"
        "noticias relacionadas|artículos relacionados|notas relacionadas|relacionadas|"
        "relacionados|más noticias|más información|lo más leído|lo más visto|más leídas|"
        "las más leídas|últimas noticias|comentarios|deja un comentario|deja una respuesta|"
        "ver también|temas relacionados|en portada|otras noticias|contenido relacionado|"
        "más sobre|le puede interesar|seguir leyendo"},
    {"es", CUE_CAPTION, false,
        "foto:|fotos:|fotografía:|imagen:|crédito:|© |foto de|ilustración:|imágenes:|(foto"},
    {"es", CUE_BYLINE, false,
        "escribe|escriben|por|texto:|autor:|autora:|escrito por|redacción:|un artículo de|de|"
        "entrevista de|por:|publicado por"},
    {"es", CUE_DATE, false,
        "publicado|publicado el|publicada|publicada el|fecha:|creado|creado el|"
        "fecha de publicación"},
    {"es", CUE_MODIFIED, false,
        "actualizado|actualizado el|actualizada|actualizado a las|última actualización|"
        "modificado|act."},
    {"es", CUE_NOTICE, false,
        "este artículo fue traducido|corrección:|fe de errores|fe de erratas|nota de la redacción|nota del editor|aclaración:"},
    {"es", CUE_ROLE, false,
        "redacción|redactor|redactora|periodista|corresponsal|enviado especial|enviada especial|"
        "editor|editora|agencias|agencia|efe|director|colaborador|columnista"},
    {"es", CUE_SOURCE, false,
        "fuente:|fuentes:|con información de"},
    /* Italian */
    {"it", CUE_FURNITURE, false,
        "leggi anche|leggi tutto|leggi di più|continua a leggere|condividi|iscriviti|abbonati|"
        "seguici|commenti|pubblicità|tutti i diritti riservati|utilizziamo i cookie|"
        "tempo di lettura|guarda il video|clicca qui|riproduzione riservata|"
        "© riproduzione riservata|approfondisci|ascolta|scopri di più|accedi|registrati|ricevi"},
    {"it", CUE_FURNITURE, true,
        "condividi|stampa|commenta|pubblicità|chiudi|menu|video|foto|salva|invia|copia link|tag|"
        "argomenti"},
    {"it", CUE_RELATED, true,
        "leggi anche|articoli correlati|ti potrebbe interessare|potrebbe interessarti|"
        "potrebbe interessarti anche|ultime notizie|i più letti|più letti|commenti|"
        "lascia un commento|correlati|notizie correlate|altre notizie|altri articoli|"
        "da non perdere|sullo stesso argomento"},
    {"it", CUE_CAPTION, false,
        "foto:|foto di|immagine:|credito|credits:|© |(foto"},
    {"it", CUE_BYLINE, false,
        "di|a cura di|testo di|autore:|scritto da|intervista di|articolo di|pubblicato da"},
    {"it", CUE_DATE, false,
        "pubblicato|pubblicato il|pubblicata il|data:|del|creato il"},
    {"it", CUE_MODIFIED, false,
        "aggiornato|aggiornato il|ultimo aggiornamento|modificato|ultima modifica"},
    {"it", CUE_NOTICE, false,
        "correzione:|rettifica|errata corrige|nota della redazione"},
    {"it", CUE_ROLE, false,
        "redazione|giornalista|inviato|inviata|corrispondente|direttore|caporedattore|ansa|autore"},
    {"it", CUE_SOURCE, false,
        "fonte:|fonti:"},
    /* Portuguese */
    {"pt", CUE_FURNITURE, false,
        "leia também|leia mais|leia a seguir|veja também|saiba mais|continue lendo|compartilhe|"
        "compartilhar|partilhar|inscreva-se|assine|siga|comentários|publicidade|"
        "todos os direitos reservados|utilizamos cookies|tempo de leitura|clique aqui|receba|"
        "ouça|continua após a publicidade|cadastre-se|entre no|acompanhe|baixe|faça parte"},
    {"pt", CUE_FURNITURE, true,
        "compartilhe|compartilhar|imprimir|comentar|publicidade|fechar|menu|vídeo|salvar|enviar|"
        "copiar link|assinantes|tags"},
    {"pt", CUE_RELATED, true,
        "leia também|veja também|leia mais|notícias relacionadas|artigos relacionados|"
        "relacionadas|relacionados|mais lidas|mais notícias|últimas notícias|comentários|"
        "deixe um comentário|deixe uma resposta|você pode gostar|recomendado para você|"
        "recomendados|saiba mais|outras notícias"},
    {"pt", CUE_CAPTION, false,
        "foto:|fotos:|imagem:|crédito:|© |(foto|legenda"},
    {"pt", CUE_BYLINE, false,
        "por|texto:|autor:|escrito por|de|reportagem de|por:|publicado por"},
    {"pt", CUE_DATE, false,
        "publicado|publicado em|publicada em|data:|criado em"},
    {"pt", CUE_MODIFIED, false,
        "atualizado|atualizado em|atualizada em|última atualização|modificado"},
    {"pt", CUE_NOTICE, false,
        "correção:|errata|nota da redação|nota do editor"},
    {"pt", CUE_ROLE, false,
        "redação|repórter|jornalista|correspondente|editor|editora|da redação|enviado especial|"
        "agência|lusa|colunista"},
    {"pt", CUE_SOURCE, false,
        "fonte:|fontes:|com informações"},
    /* Dutch */
    {"nl", CUE_FURNITURE, false,
        "lees ook|lees meer|lees verder|bekijk ook|deel dit|delen|abonneer|schrijf je in|"
        "meld je aan|volg ons|reacties|reageer|advertentie|alle rechten voorbehouden|"
        "wij gebruiken cookies|leestijd|luister|klik hier|tekst gaat verder|artikel gaat verder|"
        "word abonnee|al abonnee|meer over|ontvang"},
    {"nl", CUE_FURNITURE, true,
        "delen|deel|printen|reageren|advertentie|sluiten|menu|video|bewaar|bewaren|mail|"
        "kopieer link|tags|nieuwsbrief"},
    {"nl", CUE_RELATED, true,
        "lees ook|lees meer|lees verder|gerelateerd|gerelateerde artikelen|gerelateerd nieuws|"
        "meest gelezen|meer nieuws|meer over|laatste nieuws|reacties|bekijk ook|ook interessant|"
        "aanbevolen|misschien ook interessant|plaats een reactie|geef een reactie"},
    {"nl", CUE_CAPTION, false,
        "foto:|foto |beeld:|beeld |© |foto's:|afbeelding:"},
    {"nl", CUE_BYLINE, false,
        "door|tekst:|auteur:|geschreven door|van onze|door onze|interview door|tekst door"},
    {"nl", CUE_DATE, false,
        "gepubliceerd|gepubliceerd op|geplaatst|geplaatst op|datum:"},
    {"nl", CUE_MODIFIED, false,
        "bijgewerkt|bijgewerkt op|laatst bijgewerkt|aangepast|gewijzigd|laatste update|update:"},
    {"nl", CUE_NOTICE, false,
        "correctie:|rectificatie|correcties en aanvullingen|naschrift"},
    {"nl", CUE_ROLE, false,
        "redactie|redacteur|verslaggever|correspondent|journalist|hoofdredacteur|onze|anp|auteur"},
    {"nl", CUE_SOURCE, false,
        "bron:|bronnen:"},
    /* Swedish */
    {"sv", CUE_FURNITURE, false,
        "läs också|läs även|läs mer|läs vidare|dela|prenumerera|följ oss|kommentarer|annons|"
        "alla rättigheter|vi använder cookies|lästid|lyssna|klicka här|bli prenumerant|logga in|"
        "artikeln fortsätter|fakta:|se även|tipsa"},
    {"sv", CUE_FURNITURE, true,
        "dela|skriv ut|annons|stäng|meny|video|spara|kopiera länk|kommentera|taggar|relaterat|"
        "ämnen"},
    {"sv", CUE_RELATED, true,
        "läs också|läs även|läs mer|relaterat|relaterade artiklar|mest läst|mest lästa|"
        "senaste nytt|senaste nyheterna|fler nyheter|kommentarer|mer om|se även|rekommenderat"},
    {"sv", CUE_CAPTION, false,
        "foto:|bild:|fotograf:|arkivbild|© |illustration:"},
    {"sv", CUE_BYLINE, false,
        "av|text:|text av|skribent:|författare:|reporter:"},
    {"sv", CUE_DATE, false,
        "publicerad|publicerat|publicerades|datum:|uppdaterad"},
    {"sv", CUE_MODIFIED, false,
        "uppdaterad|uppdaterat|senast uppdaterad|ändrad"},
    {"sv", CUE_NOTICE, false,
        "rättelse|förtydligande|i en tidigare version"},
    {"sv", CUE_ROLE, false,
        "redaktionen|reporter|journalist|redaktör|krönikör|korrespondent|tt|ledarskribent|"
        "chefredaktör"},
    {"sv", CUE_SOURCE, false,
        "källa:|källor:"},
    /* Norwegian */
    {"no", CUE_FURNITURE, false,
        "les også|les mer|les videre|del|abonner|følg oss|kommentarer|annonse|alle rettigheter|"
        "vi bruker cookies|vi bruker informasjonskapsler|lesetid|lytt|klikk her|logg inn|"
        "artikkelen fortsetter|saken fortsetter|se også|tips oss"},
    {"no", CUE_FURNITURE, true,
        "del|skriv ut|annonse|lukk|meny|video|lagre|kopier lenke|kommenter|emner|relatert|vis mer"},
    {"no", CUE_RELATED, true,
        "les også|les mer|relatert|relaterte artikler|relaterte saker|mest lest|siste nytt|"
        "flere nyheter|kommentarer|mer om|se også|anbefalt"},
    {"no", CUE_CAPTION, false,
        "foto:|bilde:|fotograf:|arkivfoto|© |illustrasjon:"},
    {"no", CUE_BYLINE, false,
        "av|tekst:|tekst av|skrevet av|journalist:|forfatter:"},
    {"no", CUE_DATE, false,
        "publisert|dato:|publiserte"},
    {"no", CUE_MODIFIED, false,
        "oppdatert|sist oppdatert|endret"},
    {"no", CUE_NOTICE, false,
        "rettelse|presisering|i en tidligere versjon"},
    {"no", CUE_ROLE, false,
        "redaksjonen|journalist|reporter|redaktør|kommentator|korrespondent|ntb|sjefredaktør"},
    {"no", CUE_SOURCE, false,
        "kilde:|kilder:"},
    /* Danish */
    {"da", CUE_FURNITURE, false,
        "læs også|læs mere|læs videre|del artiklen|abonnér|følg os|kommentarer|annonce|"
        "alle rettigheder|vi bruger cookies|læsetid|lyt|klik her|log ind|artiklen fortsætter|"
        "se også"},
    {"da", CUE_FURNITURE, true,
        "del|udskriv|annonce|luk|menu|video|gem|kopier link|kommentér|emner|relateret"},
    {"da", CUE_RELATED, true,
        "læs også|læs mere|relateret|relaterede artikler|mest læste|mest læst|seneste nyt|"
        "seneste nyheder|flere nyheder|kommentarer|mere om|se også|anbefalet"},
    {"da", CUE_CAPTION, false,
        "foto:|billede:|arkivfoto|© "},
    {"da", CUE_BYLINE, false,
        "af|tekst:|skrevet af|journalist:|forfatter:"},
    {"da", CUE_DATE, false,
        "offentliggjort|publiceret|udgivet|dato:"},
    {"da", CUE_MODIFIED, false,
        "opdateret|senest opdateret|ændret"},
    {"da", CUE_NOTICE, false,
        "rettelse|præcisering"},
    {"da", CUE_ROLE, false,
        "redaktionen|journalist|redaktør|korrespondent|ritzau|chefredaktør"},
    {"da", CUE_SOURCE, false,
        "kilde:|kilder:"},
    /* Finnish */
    {"fi", CUE_FURNITURE, false,
        "lue myös|lue lisää|jaa|tilaa|seuraa meitä|kommentit|mainos|kaikki oikeudet|"
        "käytämme evästeitä|lukuaika|kuuntele|klikkaa tästä|kirjaudu|juttu jatkuu|katso myös"},
    {"fi", CUE_FURNITURE, true,
        "jaa|tulosta|mainos|sulje|valikko|video|tallenna|kommentoi|kopioi linkki"},
    {"fi", CUE_RELATED, true,
        "lue myös|lue lisää|aiheesta lisää|luetuimmat|uusimmat|kommentit|suosittelemme|"
        "katso myös|lisää aiheesta"},
    {"fi", CUE_CAPTION, false,
        "kuva:|kuvat:|kuvaaja:"},
    {"fi", CUE_BYLINE, false,
        "teksti:|kirjoittaja:|toimittaja:"},
    {"fi", CUE_DATE, false,
        "julkaistu|päiväys:"},
    {"fi", CUE_MODIFIED, false,
        "päivitetty|muokattu"},
    {"fi", CUE_NOTICE, false,
        "oikaisu|korjaus"},
    {"fi", CUE_ROLE, false,
        "toimittaja|toimitus|stt|kirjoittaja"},
    {"fi", CUE_SOURCE, false,
        "lähde:|lähteet:"},
    /* Icelandic */
    {"is", CUE_FURNITURE, false,
        "lesa meira|lesa nánar|deila|auglýsing|athugasemdir|fylgstu með"},
    {"is", CUE_FURNITURE, true,
        "deila|prenta|auglýsing"},
    {"is", CUE_RELATED, true,
        "tengdar fréttir|tengt efni|mest lesið|nýjast|athugasemdir"},
    {"is", CUE_CAPTION, false,
        "mynd:|ljósmynd:|mynd/"},
    {"is", CUE_BYLINE, false,
        "höfundur:|texti:"},
    {"is", CUE_DATE, false,
        "birt|dagsetning"},
    {"is", CUE_MODIFIED, false,
        "uppfært"},
    {"is", CUE_ROLE, false,
        "blaðamaður|ritstjóri|fréttamaður"},
    {"is", CUE_SOURCE, false,
        "heimild:"},
    /* Catalan */
    {"ca", CUE_FURNITURE, false,
        "llegiu també|llegeix també|comparteix|subscriu-te|segueix-nos|comentaris|publicitat"},
    {"ca", CUE_RELATED, true,
        "notícies relacionades|més llegides|et pot interessar|comentaris"},
    {"ca", CUE_CAPTION, false,
        "foto:|imatge:"},
    {"ca", CUE_BYLINE, false,
        "per|text:|autor:"},
    {"ca", CUE_DATE, false,
        "publicat|publicat el"},
    {"ca", CUE_MODIFIED, false,
        "actualitzat|actualitzat el"},
    {"ca", CUE_NOTICE, false,
        "correcció"},
    {"ca", CUE_ROLE, false,
        "redacció|periodista"},
    {"ca", CUE_SOURCE, false,
        "font:"},
    {NULL, CUE_NONE, false, NULL},
};

const char *const prompt_words[] = {
    "subscri", "newsletter", "sign in", "sign up", "register", "log in", "create an account",
    "unlimited access", "abonn", "anmelden", "registrier", "einloggen", "probeabo",
    "kostenlos testen", "inscri", "connectez-vous", "s'identifier", "suscr", "regístrate",
    "inicia ses", "assine", "cadastr", "abbonati", "iscriviti", "accedi", "aanmeld", "prenumer",
    "logga in", "logg inn", "log ind", "zaloguj", "předplat", "přihl", "előfizet", "abone",
    "подпис", "підпис", "会員", "登録", "구독", "로그인", "订阅", "訂閱", "đăng ký", "berlangganan", "tilaa",
    "εγγρ", "اشترك",
    NULL,
};
/* clang-format on */
