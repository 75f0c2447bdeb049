import { z } from 'zod';

// zod would compile its parsers with eval, which the page's content security policy forbids. It looks for eval
// when a schema is made, so this module comes before every schema.
z.config({ jitless: true });
