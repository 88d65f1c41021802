export { TranscriptEntryEntity } from './transcript-entry.entity.js';
export { TranscriptsModule } from './transcripts.module.js';
