-- What the router needs to know, and what it leaves behind.

ALTER TABLE model
  ADD COLUMN tier ENUM ('small', 'medium', 'large', 'frontier') NULL COMMENT 'how good it is; NULL = the router leaves it alone';
