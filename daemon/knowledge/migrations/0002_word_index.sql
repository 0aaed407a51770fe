-- Marks are parts of words, as they have to be where vowels are marks: Thai, Hindi, Burmese. What was indexed before is indexed
-- anew, in the background (knowledge/word_index.h).
DROP TABLE passages;
CREATE VIRTUAL TABLE passages USING fts5 (
    scope, text, content = '', tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
-- While much is indexed little is merged, and never all at once; the rest is merged when there is nothing else to do.
INSERT INTO passages (passages, rank) VALUES ('automerge', 16);
INSERT INTO passages (passages, rank) VALUES ('crisismerge', 64);

CREATE TABLE word_index (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    form INTEGER NOT NULL,      -- of the text that it was made of (knowledge/search_text.h)
    -- Chunks with these keys are not in it yet: [gap_begin, gap_end).
    gap_begin INTEGER NOT NULL,
    gap_end INTEGER NOT NULL
) STRICT;
INSERT INTO word_index (one, form, gap_begin, gap_end) VALUES (1, 0, 0, 0);
