// The worker that a pool starts if it is given none.

import { serve } from './serve.js';

serve();
