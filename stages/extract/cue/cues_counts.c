/* cues_counts.c - what a number in front counts when the line is no part of an article: "105
 * readers", "4 min read". */
#include "cue/cue.h"

/* clang-format off */
const struct cue_row cues_counts[] = {
    {"en", CUE_COUNT, STARTS,
        "reader|readers|view|views|read|reads|page views|pageviews|visitors|hits|comment|comments|reply|"
        "replies|response|responses|share|shares|like|likes|vote|votes|min read|minute read|minutes read|"
        "mins read|minutes to read|times read|times viewed"},
    {"de", CUE_COUNT, STARTS,
        "leser|aufrufe|mal gelesen|mal aufgerufen|klicks|kommentar|kommentare|mal geteilt|min. lesezeit|"
        "min lesezeit|minuten lesezeit"},
    {"fr", CUE_COUNT, STARTS,
        "lecteurs|lectures|vues|commentaire|commentaires|partages|réactions|min de lecture|"
        "minutes de lecture"},
    {"es", CUE_COUNT, STARTS,
        "lectores|lecturas|vistas|visitas|comentario|comentarios|compartidos|min de lectura|"
        "minutos de lectura"},
    {"pt", CUE_COUNT, STARTS,
        "leitores|leituras|visualizações|comentário|comentários|partilhas|min de leitura|"
        "minutos de leitura"},
    {"it", CUE_COUNT, STARTS,
        "lettori|letture|visualizzazioni|visite|commento|commenti|condivisioni|min di lettura|"
        "minuti di lettura"},
    {"nl", CUE_COUNT, STARTS, "lezers|keer gelezen|weergaven|reactie|reacties|min leestijd|minuten leestijd"},
    {"sv", CUE_COUNT, STARTS, "läsare|visningar|kommentar|kommentarer|delningar|min läsning"},
    {"no", CUE_COUNT, STARTS, "lesere|visninger|kommentarer|delinger|min lesetid"},
    {"da", CUE_COUNT, STARTS, "læsere|visninger|kommentarer|delinger|min læsetid"},
    {"fi", CUE_COUNT, STARTS, "lukijaa|lukukertaa|katselukertaa|kommenttia|jakoa"},
    {"pl", CUE_COUNT, STARTS, "czytelników|odsłon|wyświetleń|komentarzy|komentarze|komentarz|udostępnień"},
    {"cs", CUE_COUNT, STARTS, "čtenářů|zobrazení|přečtení|komentářů|komentáře|sdílení"},
    {"sk", CUE_COUNT, STARTS, "čitateľov|zobrazení|prečítaní|komentárov|zdieľaní"},
    {"hu", CUE_COUNT, STARTS, "olvasó|megtekintés|hozzászólás|megosztás"},
    {"ro", CUE_COUNT, STARTS, "cititori|vizualizări|afişări|afișări|comentarii|distribuiri"},
    {"hr", CUE_COUNT, STARTS, "čitatelja|čitalaca|pregleda|komentara|dijeljenja"},
    {"el", CUE_COUNT, STARTS, "αναγνώστες|προβολές|σχόλια|κοινοποιήσεις"},
    {"ru", CUE_COUNT, STARTS, "просмотров|просмотра|просмотр|прочтений|комментариев|комментария|комментарий"},
    {"uk", CUE_COUNT, STARTS, "переглядів|перегляди|перегляд|коментарів|коментарі|коментар"},
    {"bg", CUE_COUNT, STARTS, "прочитания|преглеждания|коментара|коментар"},
    {"tr", CUE_COUNT, STARTS, "okuyucu|okunma|görüntülenme|görüntüleme|yorum|paylaşım"},
    {"id", CUE_COUNT, STARTS, "pembaca|dibaca|kali dibaca|dilihat|tayangan|komentar"},
    {"vi", CUE_COUNT, STARTS, "lượt xem|lượt đọc|bình luận"},
    {"ar", CUE_COUNT, STARTS, "مشاهدة|مشاهدات|قراءة|تعليق|تعليقات"},
    {"fa", CUE_COUNT, STARTS, "بازدید|نظر|دیدگاه"},
    {"he", CUE_COUNT, STARTS, "צפיות|תגובות|תגובה"},
    {"hi", CUE_COUNT, STARTS, "टिप्पणियाँ|बार पढ़ा गया"},
    {"zh", CUE_COUNT, STARTS, "次阅读|阅读|次浏览|浏览|次瀏覽|瀏覽|條評論|条评论|评论"},
    {"ja", CUE_COUNT, STARTS, "回閲覧|件のコメント|コメント"},
    {"ko", CUE_COUNT, STARTS, "조회|댓글"},
    {NULL, CUE_NONE, STARTS, NULL},
};
/* clang-format on */
