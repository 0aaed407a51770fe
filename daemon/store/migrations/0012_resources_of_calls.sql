-- What a call used of the machine; NULL where that is not known.

ALTER TABLE audit ADD COLUMN cpu_us INTEGER;
ALTER TABLE audit ADD COLUMN peak_memory_bytes INTEGER;
ALTER TABLE jobs ADD COLUMN cpu_us INTEGER;
ALTER TABLE jobs ADD COLUMN peak_memory_bytes INTEGER;
